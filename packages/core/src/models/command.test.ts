import { expect, it } from 'vitest';
import { command } from './command.js';

it('a chunk is text of the first generation, or of the only one', () => {
  const hi = [{ type: 'text-delta', text: 'Hi' }];
  expect(command.read({ is_finished: false, text: 'Hi' })).toEqual({ content: hi, endsAnswer: false });
  expect(command.read({ is_finished: false, text: 'Hi', index: 0 }).content).toEqual(hi);
  expect(command.read({ is_finished: false, text: 'Hi', index: 1 })).toEqual({});
});

it('the end of another generation is not the end of the answer', () => {
  expect(command.read({ is_finished: true, finish_reason: 'COMPLETE', index: 1 })).toEqual({});
  expect(command.read({ is_finished: true, finish_reason: 'COMPLETE', index: 0 }).stopReason).toBe('COMPLETE');
  expect(command.read({ is_finished: true, finish_reason: 'ERROR' }).stopReason).toBe('ERROR');
});

it('a whole answer is its first generation, and ended whatever it says', () => {
  const generations = [{ text: 'Hi', finish_reason: 'MAX_TOKENS' }, { text: 'no' }];
  expect(command.read({ generations })).toEqual({
    content: [{ type: 'text-delta', text: 'Hi' }],
    stopReason: 'MAX_TOKENS',
    endsAnswer: true,
  });
  expect(command.read({ generations: [] })).toEqual({ content: [], endsAnswer: true });
});

it('is known by a list of generations or by the mark of the end', () => {
  expect(command.matches({ generations: [] })).toBe(true);
  expect(command.matches({ is_finished: false })).toBe(true);
  expect(command.matches({ generations: 2 })).toBe(false);
});
