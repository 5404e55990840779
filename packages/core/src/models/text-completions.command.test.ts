import { expect, it } from 'vitest';
import { textCompletions } from './text-completions.js';

const { command } = textCompletions;

it('command reads the text of the first or only generation', () => {
  const hi = [{ type: 'text-delta', text: 'Hi' }];
  expect(command.read({ is_finished: false, text: 'Hi' })).toEqual({ content: hi, endsAnswer: false });
  expect(command.read({ is_finished: false, text: 'Hi', index: 0 }).content).toEqual(hi);
  expect(command.read({ is_finished: false, text: 'Hi', index: 1 })).toEqual({});
});

it('command ends the answer only with its first generation', () => {
  expect(command.read({ is_finished: true, finish_reason: 'COMPLETE', index: 1 })).toEqual({});
  expect(command.read({ is_finished: true, finish_reason: 'COMPLETE', index: 0 }).stopReason).toBe('COMPLETE');
  expect(command.read({ is_finished: true, finish_reason: 'ERROR' }).stopReason).toBe('ERROR');
});

it('command reads the first generation of a whole answer, which is always complete', () => {
  const generations = [{ text: 'Hi', finish_reason: 'MAX_TOKENS' }, { text: 'no' }];
  expect(command.read({ generations })).toEqual({
    content: [{ type: 'text-delta', text: 'Hi' }],
    stopReason: 'MAX_TOKENS',
    endsAnswer: true,
  });
  expect(command.read({ generations: [] })).toEqual({ content: [], endsAnswer: true });
});

it('command matches a list of generations or is_finished', () => {
  expect(command.matches({ generations: [] })).toBe(true);
  expect(command.matches({ is_finished: false })).toBe(true);
  expect(command.matches({ generations: 2 })).toBe(false);
});
