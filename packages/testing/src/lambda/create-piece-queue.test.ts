import { expect, it, vi } from 'vitest';
import { createPieceQueue, type PieceQueue } from './create-piece-queue.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);

async function readAll({ pieces }: PieceQueue): Promise<string[]> {
  const texts: string[] = [];
  for await (const piece of pieces) texts.push(Buffer.from(piece.bytes).toString());
  return texts;
}

it('returns pieces in order, including those from before the first read', async () => {
  const queue = createPieceQueue(vi.fn());
  queue.push(bytes('a'), vi.fn());
  const reading = readAll(queue);
  queue.push(bytes('b'), vi.fn());
  queue.end();
  expect(await reading).toEqual(['a', 'b']);
});

it('calls onRead when a piece is read, and not before', async () => {
  const queue = createPieceQueue(vi.fn());
  const onRead = vi.fn();
  queue.push(bytes('a'), onRead);
  expect(onRead).not.toHaveBeenCalled();
  await queue.pieces.next();
  expect(onRead).toHaveBeenCalledOnce();
});

it('returns the pieces before a failure, then throws the failure', async () => {
  const queue = createPieceQueue(vi.fn());
  queue.push(bytes('a'), vi.fn());
  queue.fail(new Error('broken'));
  expect((await queue.pieces.next()).value?.bytes).toEqual(bytes('a'));
  await expect(queue.pieces.next()).rejects.toThrow('broken');
});

it('drops unread pieces when it is abandoned', async () => {
  const queue = createPieceQueue(vi.fn());
  const onRead = vi.fn();
  queue.push(bytes('a'), onRead);
  queue.abandon(new Error('left'));
  queue.push(bytes('b'), onRead);
  expect(onRead).toHaveBeenCalledTimes(2);
  await expect(queue.pieces.next()).rejects.toThrow('left');
});

it('calls onAbandoned once if the reader stops before the end', async () => {
  const onAbandoned = vi.fn();
  const queue = createPieceQueue(onAbandoned);
  queue.push(bytes('a'), vi.fn());
  for await (const _piece of queue.pieces) break;
  expect(onAbandoned).toHaveBeenCalledOnce();

  const onAbandonedAfterEnd = vi.fn();
  const ended = createPieceQueue(onAbandonedAfterEnd);
  ended.end();
  expect(await readAll(ended)).toEqual([]);
  expect(onAbandonedAfterEnd).not.toHaveBeenCalled();
});
