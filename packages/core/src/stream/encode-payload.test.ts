import { expect, it } from 'vitest';
import { encodePayload } from './encode-payload.js';

it('sends bytes as they are, and an object as JSON in UTF-8', () => {
  const bytes = Uint8Array.of(1, 2);
  expect(encodePayload(bytes)).toBe(bytes);
  expect(Buffer.from(encodePayload({ text: 'Grüße' })).toString('utf8')).toBe('{"text":"Grüße"}');
});
