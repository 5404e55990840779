import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sha256 } from './sha256.js';

const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 });

test('data in any number of pieces has the digest that Node computes', async () => {
  await fc.assert(
    fc.asyncProperty(pieces, async (data) => {
      const checksum = new Sha256();
      for (const piece of data) checksum.update(piece);
      const expected = createHash('sha256').update(Buffer.concat(data)).digest();
      expect(Buffer.from(await checksum.digest()).equals(expected)).toBe(true);
    }),
  );
});

test('a secret of any length, as bytes or as text, gives the HMAC that Node computes', async () => {
  const secrets = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 200 }),
    fc.string({ minLength: 1, maxLength: 100 }),
  );
  await fc.assert(
    fc.asyncProperty(secrets, pieces, async (secret, data) => {
      const checksum = new Sha256(secret);
      for (const piece of data) checksum.update(piece);
      const expected = createHmac('sha256', secret).update(Buffer.concat(data)).digest();
      expect(Buffer.from(await checksum.digest()).equals(expected)).toBe(true);
    }),
  );
});

test('a secret of exactly one block is used as it is, and one byte more is hashed', async () => {
  for (const length of [63, 64, 65]) {
    const secret = new Uint8Array(length).fill(7);
    const checksum = new Sha256(secret);
    checksum.update(Buffer.from('data'));
    const expected = createHmac('sha256', secret).update('data').digest('hex');
    expect(Buffer.from(await checksum.digest()).toString('hex')).toBe(expected);
  }
});

test('text and a view of a part of a buffer are taken as their own bytes', async () => {
  const view = new DataView(Uint8Array.from([1, 2, 3, 4]).buffer, 1, 2);
  const checksum = new Sha256(view);
  checksum.update('é' as unknown as Uint8Array);
  const expected = createHmac('sha256', Uint8Array.from([2, 3]))
    .update('é')
    .digest('hex');
  expect(Buffer.from(await checksum.digest()).toString('hex')).toBe(expected);
});

test('after a reset, the data begins again and the secret stays', async () => {
  const checksum = new Sha256(Uint8Array.from([1, 2, 3]).buffer);
  checksum.update(Buffer.from('before'));
  checksum.reset();
  checksum.update(Buffer.from('after'));
  const expected = createHmac('sha256', Uint8Array.from([1, 2, 3]))
    .update('after')
    .digest('hex');
  expect(Buffer.from(await checksum.digest()).toString('hex')).toBe(expected);
});
