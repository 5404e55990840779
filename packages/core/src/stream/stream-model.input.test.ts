import { expect, it } from 'vitest';
import { callOf } from './stream-model.js';

it('sends bytes as they are, and an object as JSON in UTF-8', () => {
  const bytes = Uint8Array.of(1, 2);
  expect(callOf({ modelId: 'a.b', payload: bytes }).body).toBe(bytes);
  const { body } = callOf({ modelId: 'a.b', payload: { text: 'Grüße' } });
  expect(Buffer.from(body).toString('utf8')).toBe('{"text":"Grüße"}');
});

it('invokes the model unless another operation is named, and passes settings on', () => {
  const input = { modelId: 'a.b', payload: {} };
  expect(callOf(input)).toEqual({ operation: 'invoke-model', modelId: 'a.b', body: new TextEncoder().encode('{}') });
  const options = { serviceTier: 'flex' } as const;
  expect(callOf({ ...input, operation: 'converse', options })).toMatchObject({ operation: 'converse', options });
});
