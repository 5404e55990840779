import { expect, it, vi } from 'vitest';
import { createPieceQueue, type PieceQueue } from './piece-queue.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);

async function readAll({ pieces }: PieceQueue): Promise<string[]> {
  const texts: string[] = [];
  for await (const piece of pieces) texts.push(Buffer.from(piece.bytes).toString());
  return texts;
}

it('gives pieces in order, those from before the first read too', async () => {
  const queue = createPieceQueue(vi.fn());
  queue.push(bytes('a'), vi.fn());
  const reading = readAll(queue);
  queue.push(bytes('b'), vi.fn());
  queue.end();
  expect(await reading).toEqual(['a', 'b']);
});

it('tells the writer of each piece that it was taken, and not before', async () => {
  const queue = createPieceQueue(vi.fn());
  const onRead = vi.fn();
  queue.push(bytes('a'), onRead);
  expect(onRead).not.toHaveBeenCalled();
  await queue.pieces.next();
  expect(onRead).toHaveBeenCalledOnce();
});

it('gives what came before a failure, then the failure', async () => {
  const queue = createPieceQueue(vi.fn());
  queue.push(bytes('a'), vi.fn());
  queue.fail(new Error('broken'));
  expect((await queue.pieces.next()).value?.bytes).toEqual(bytes('a'));
  await expect(queue.pieces.next()).rejects.toThrow('broken');
});

it('drops what was not taken when it is abandoned', async () => {
  const queue = createPieceQueue(vi.fn());
  const onRead = vi.fn();
  queue.push(bytes('a'), onRead);
  queue.abandon(new Error('left'));
  queue.push(bytes('b'), onRead);
  expect(onRead).toHaveBeenCalledTimes(2);
  await expect(queue.pieces.next()).rejects.toThrow('left');
});

it('tells once that its reader left before the end', async () => {
  const onAbandoned = vi.fn();
  const queue = createPieceQueue(onAbandoned);
  queue.push(bytes('a'), vi.fn());
  for await (const _piece of queue.pieces) break;
  expect(onAbandoned).toHaveBeenCalledOnce();

  const onNothing = vi.fn();
  const ended = createPieceQueue(onNothing);
  ended.end();
  expect(await readAll(ended)).toEqual([]);
  expect(onNothing).not.toHaveBeenCalled();
});
