import { expect, it } from 'vitest';
import { nonText } from './non-text.js';

it.each(['embedding', 'embeddings', 'images', 'artifacts', 'results'])(
  'nonText matches %s and reads no text',
  (member) => {
    expect(nonText.matches({ [member]: [] })).toBe(true);
    expect(nonText.isText).toBe(false);
    expect(nonText.read({ [member]: [] })).toEqual({});
  },
);

it('nonText reads the input tokens of an embedding', () => {
  expect(nonText.read({ embedding: [0.5], inputTextTokenCount: 4 })).toEqual({ usage: { inputTokens: 4 } });
});

it('nonText does not match another body', () => {
  expect(nonText.matches({ invocationArn: 'arn' })).toBe(false);
});
