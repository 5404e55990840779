import { expect, it } from 'vitest';
import { batchesOf, chunkStreamSerde } from './chunk-stream-serde.js';

// What the SDK hands its provider is of no use to this one.
const serde = chunkStreamSerde({} as Parameters<typeof chunkStreamSerde>[0]);

it('looks empty to the SDK, and carries the batches beside', async () => {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(3);
  }
  const stream = serde.deserialize(body(), async () => undefined);
  expect(await stream[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  await expect(batchesOf(stream)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'upstream_truncated' });
});

it('sends no event stream', () => {
  expect(() =>
    serde.serialize((async function* nothing() {})(), () => ({ headers: {}, body: new Uint8Array() })),
  ).toThrow('requests are not streamed');
});

it.each([undefined, null, 'text', {}])('says so where the SDK read the stream itself: %j', (body) => {
  expect(() => batchesOf(body)).toThrow('did not read the event stream');
});
