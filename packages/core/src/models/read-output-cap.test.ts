import { expect, it } from 'vitest';
import { readOutputCap } from './read-output-cap.js';

it.each([
  [{ max_tokens: 500, messages: [{ max_tokens: 9_000 }] }, 500],
  [{ max_completion_tokens: 7 }, 7],
  [{ max_tokens_to_sample: 8 }, 8],
  [{ max_gen_len: 9 }, 9],
  [{ maxTokens: 10 }, 10],
  [{ inferenceConfig: { maxTokens: 11 } }, 11],
  [{ inferenceConfig: { max_new_tokens: 12 } }, 12],
  [{ textGenerationConfig: { maxTokenCount: 13, topP: 1 } }, 13],
  [{ max_tokens: 5, max_completion_tokens: 50 }, 50],
  [{ max_tokens: 0 }, 0],
  [{ max_tokens: null, prompt: 'x' }, undefined],
  [{ max_tokens: -1 }, undefined],
  [{ max_tokens: { max_tokens: 5 } }, 5],
  [{ inferenceConfig: 5 }, undefined],
  [{}, undefined],
])('reads the cap of %j as %s', (body, cap) => {
  expect(readOutputCap(Buffer.from(JSON.stringify(body)))).toBe(cap);
});

it('takes the larger of two members of one name', () => {
  expect(readOutputCap(Buffer.from('{"max_tokens":5,"max_tokens":6}'))).toBe(6);
});
