import { expect, it } from 'vitest';
import { textGeneration } from './text-generation.js';

it('textGeneration reads the text of each token, but not of special tokens', () => {
  expect(textGeneration.read({ token: { id: 5, text: ' Hi', special: false }, generated_text: null })).toEqual({
    content: [{ type: 'text-delta', text: ' Hi' }],
    endsAnswer: false,
  });
  for (const special of [{ special: true }, { special_token: true }]) {
    expect(textGeneration.read({ token: { text: '</s>', ...special } }).content).toEqual([]);
  }
});

it('textGeneration ends with the whole text, which is not read again beside a token', () => {
  const details = { finish_reason: 'eos_token', generated_tokens: 2, input_length: 9 };
  expect(textGeneration.read({ token: { text: '.' }, generated_text: ' Hi.', details })).toEqual({
    content: [{ type: 'text-delta', text: '.' }],
    stopReason: 'eos_token',
    endsAnswer: true,
    usage: { inputTokens: 9, outputTokens: 2 },
  });
  expect(textGeneration.read({ token: { text: '.' }, generated_text: ' Hi.', details: null }).endsAnswer).toBe(true);
});

it('textGeneration reads the whole text of an answer without tokens', () => {
  expect(textGeneration.read({ generated_text: 'Hi' })).toEqual({
    content: [{ type: 'text-delta', text: 'Hi' }],
    isWhole: true,
    endsAnswer: true,
  });
});

it('textGeneration reports a text of another type', () => {
  expect(textGeneration.read({ token: { text: 7 } })).toMatchObject({ hasUnreadText: true });
});

it('textGeneration matches a token or a whole text', () => {
  expect(textGeneration.matches({ token: { text: '' } })).toBe(true);
  expect(textGeneration.matches({ generated_text: '' })).toBe(true);
  expect(textGeneration.matches({ token: 'next-page' })).toBe(false);
});
