import { isProxyError, streamModel } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { startBedrockEmulator, streamReply } from '@bedrock-proxy/testing/emulator';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { playedAnswer } from './played-answer.ts';
import { readWire } from './read-wire.ts';
import { startTcpProxy } from './tcp-proxy.ts';

const wire = Buffer.concat(playedAnswer.frames);
// The stop reason, in the frame before the last, is the first end marker.
const markedAt = wire.length - (playedAnswer.frames.at(-1)?.length ?? 0);

/** What the answer was worth, had it been cut there. */
function owed(end: number): string {
  return end >= markedAt ? 'done' : 'upstream_truncated';
}

it('a stream that is cut at any byte is done only where its end marker was whole', async () => {
  let longest = '';
  for (let end = 0; end <= wire.length; end += 1) {
    const { text, terminal } = await readWire([wire.subarray(0, end)]);
    expect(`${end}: ${terminal}`).toBe(`${end}: ${owed(end)}`);
    expect(playedAnswer.text.startsWith(text)).toBe(true);
    expect(text.length).toBeGreaterThanOrEqual(longest.length);
    longest = text;
  }
  expect(longest).toBe(playedAnswer.text);
});

it('a whole stream reads the same wherever the network cuts it', async () => {
  const whole = { text: playedAnswer.text, terminal: 'done' };
  expect(await readWire(Array.from(wire, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  for (let cut = 0; cut <= wire.length; cut += 1) {
    expect(await readWire([wire.subarray(0, cut), wire.subarray(cut)])).toEqual(whole);
  }
});

it('over a socket it is the same, whether the end is clean, a close or a reset', async () => {
  const emulator = await startBedrockEmulator();
  const proxy = await startTcpProxy(emulator.port);
  const invoker = createBedrockInvoker({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${proxy.port}`,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const read = async (): Promise<string> => {
    let text = '';
    try {
      for await (const event of streamModel(invoker, { modelId: 'm', payload: {} })) {
        if (event.type === 'text-delta') text += event.text;
      }
      expect(text).toBe(playedAnswer.text);
      return 'done';
    } catch (error) {
      expect(playedAnswer.text.startsWith(text)).toBe(true);
      return isProxyError(error) ? error.code : String(error);
    }
  };
  // One HTTP chunk around it all: so many bytes of its size line come first.
  const head = wire.length.toString(16).length + 2;
  await fc.assert(
    fc.asyncProperty(fc.nat(wire.length), fc.constantFrom('end', 'close', 'reset'), async (end, how) => {
      emulator.respondWith(streamReply([how === 'end' ? wire.subarray(0, end) : wire]));
      if (how !== 'end') proxy.strikeNext({ atByte: head + end, action: how });
      expect(await read()).toBe(owed(end));
    }),
    { numRuns: 50 },
  );
  await proxy.close();
  await emulator.close();
});
