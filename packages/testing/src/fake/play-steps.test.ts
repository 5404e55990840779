import type { ChunkBatch } from '@bedrock-proxy/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callOf, readInto } from '../contract/arrange.js';
import { FakeInvoker } from './fake-invoker.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const texts = (batches: readonly ChunkBatch[]): string[] =>
  batches.flatMap(({ chunks }) =>
    chunks.flatMap(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()).delta?.text ?? []),
  );

describe('silence', () => {
  it('lasts as long as the script says', async () => {
    const fake = new FakeInvoker().reply((answer) =>
      answer.acceptAfter(1_000).text('at once').pause(2_000).text('late'),
    );
    const accepted = vi.fn();
    const stream = fake.stream(callOf());
    stream.then(accepted);
    await vi.advanceTimersByTimeAsync(999);
    expect(accepted).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(accepted).toHaveBeenCalled();
    const read: ChunkBatch[] = [];
    const reading = readInto(read, await stream);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(texts(read)).toEqual(['at once']);
    await vi.advanceTimersByTimeAsync(1);
    await reading;
    expect(texts(read)).toEqual(['at once', 'late']);
  });

  it('of all steps comes before a whole answer', async () => {
    const fake = new FakeInvoker().reply((answer) => answer.acceptAfter(10).pause(20).text('late').pause(30));
    const answered = vi.fn();
    fake.invoke(callOf()).then(answered);
    await vi.advanceTimersByTimeAsync(59);
    expect(answered).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(answered).toHaveBeenCalled();
  });

  it('can last until a promise settles', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const fake = new FakeInvoker().reply((answer) => answer.text('Hel').waitFor(released).text('lo'));
    const read: ChunkBatch[] = [];
    const reading = readInto(read, await fake.stream(callOf()));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(texts(read)).toEqual(['Hel']);
    release();
    await reading;
    expect(texts(read)).toEqual(['Hel', 'lo']);
  });
});

describe('giving up', () => {
  const scripts = {
    'a call that is never answered': () => new FakeInvoker().hang(),
    'a call that is accepted late': () => new FakeInvoker().reply((answer) => answer.acceptAfter(60_000).text('late')),
    'a pause in mid-stream': () => new FakeInvoker().reply((answer) => answer.text('Hel').pause(60_000)),
    'a stream that waits for a promise': () =>
      new FakeInvoker().reply((answer) => answer.text('Hel').waitFor(new Promise(() => undefined))),
    'a stream that hangs': () => new FakeInvoker().reply((answer) => answer.text('Hel').hang()),
  };
  it.each(Object.entries(scripts))(
    'ends %s at once with the reason of the abort, and leaves no timer',
    async (_, script) => {
      const fake = script();
      const controller = new AbortController();
      const reason = new Error('enough');
      const reading = fake.stream(callOf({ signal: controller.signal })).then((stream) => readInto([], stream));
      const refused = expect(reading).rejects.toBe(reason);
      await vi.advanceTimersByTimeAsync(10);
      expect(fake.calls[0]?.aborted).toBe(false);
      controller.abort(reason);
      await refused;
      expect(fake.calls[0]?.aborted).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it('is recorded after the reader left the loop, although leaving it gives nothing up', async () => {
    const controller = new AbortController();
    const fake = new FakeInvoker().replyText('Hel', 'lo');
    for await (const _ of (await fake.stream(callOf({ signal: controller.signal }))).batches) break;
    expect(fake.calls[0]?.aborted).toBe(false);
    controller.abort();
    expect(fake.calls[0]?.aborted).toBe(true);
  });

  it('changes nothing after the end or after a failure', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const fake = new FakeInvoker().replyText('Hello').replyText('Hello').failWith('throttled');
    await readInto([], await fake.stream(callOf({ signal })));
    await fake.invoke(callOf({ signal }));
    await fake.invoke(callOf({ signal })).catch(() => undefined);
    controller.abort();
    expect(fake.calls.map(({ aborted }) => aborted)).toEqual([false, false, false]);
  });

  it('before the call rejects it and uses one reply', async () => {
    const fake = new FakeInvoker().replyText('one').replyText('two');
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(fake.invoke(callOf({ signal }))).rejects.toThrow('too late');
    expect(fake.calls[0]?.aborted).toBe(true);
    const read: ChunkBatch[] = [];
    await readInto(read, await fake.stream(callOf()));
    expect(texts(read)).toEqual(['two']);
  });
});
