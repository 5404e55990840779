import { expect, it } from 'vitest';
import { nonText } from './non-text.js';

it.each(['embedding', 'embeddings', 'images', 'artifacts', 'results'])('%s are no text', (member) => {
  expect(nonText.matches({ [member]: [] })).toBe(true);
  expect(nonText.isText).toBe(false);
  expect(nonText.read({ [member]: [] })).toEqual({});
});

it('an embedding counts what went in', () => {
  expect(nonText.read({ embedding: [0.5], inputTextTokenCount: 4 })).toEqual({ usage: { inputTokens: 4 } });
});

it('another body is none of these', () => {
  expect(nonText.matches({ invocationArn: 'arn' })).toBe(false);
});
