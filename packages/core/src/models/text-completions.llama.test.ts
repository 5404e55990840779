import { expect, it } from 'vitest';
import { textCompletions } from './text-completions.js';

const { llama } = textCompletions;

const intervened = { 'amazon-bedrock-guardrailAction': 'INTERVENED' };

it('llama reads text, usage and the stop reason', () => {
  expect(llama.read({ generation: 'Hi', prompt_token_count: 3, generation_token_count: 1, stop_reason: null })).toEqual(
    {
      content: [{ type: 'text-delta', text: 'Hi' }],
      endsSoftly: false,
      usage: { inputTokens: 3, outputTokens: 1 },
    },
  );
  expect(llama.read({ generation: '', prompt_token_count: null, stop_reason: 'length' })).toEqual({
    content: [],
    stopReason: 'length',
    endsSoftly: false,
  });
});

it('llama ends the answer softly with a chunk without usage if a guardrail intervened', () => {
  expect(llama.read({ generation: 'No.', ...intervened }).endsSoftly).toBe(true);
  expect(llama.read({ generation: 'No.', 'amazon-bedrock-guardrailAction': 'NONE' }).endsSoftly).toBe(false);
  expect(llama.read({ generation: 'No.', generation_token_count: 0, ...intervened }).endsSoftly).toBe(false);
});

it('llama matches a generation, even an empty one', () => {
  expect(llama.matches({ generation: '' })).toBe(true);
  expect(llama.matches({ generations: [] })).toBe(false);
});
