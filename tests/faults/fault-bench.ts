import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { streamModel } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import {
  type BedrockEmulator,
  type EmulatorRequest,
  faultModelId,
  startBedrockEmulator,
} from '@bedrock-proxy/testing/emulator';
import type { InvokeOptions } from '@bedrock-proxy/testing/lambda';
import { playedAnswer } from './played-answer.ts';
import { type Outcome, readOutcome } from './read-outcome.ts';
import { eventOf, type FrontProcess, type MatrixFront, startFront } from './start-front.ts';
import { startWebFront } from './start-web-front.ts';
import { type Strike, startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** The fields of a `request.end` line that these tests check. */
export interface LogLine {
  readonly requestId: string;
  readonly terminal: string;
  readonly code?: string;
  readonly status: number;
  readonly attempts: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

/** The result of one request: the answer, the log lines and the calls of Bedrock. */
export interface Exchange {
  readonly outcome: Outcome;
  readonly lines: readonly LogLine[];
  readonly upstream: readonly EmulatorRequest[];
}

/** Bundles with Lambda's runtime client, an emulated Bedrock, and a TCP proxy between them. */
export interface FaultBench extends AsyncDisposable {
  readonly emulator: BedrockEmulator;
  readonly proxy: TcpProxy;
  /** The full text of the answers in which the emulator plays a fault. */
  readonly emulatedText: string;
  sandbox(front: MatrixFront): FrontProcess;
  request(
    front: MatrixFront,
    modelId: string,
    options?: InvokeOptions & { readonly strike?: Strike },
  ): Promise<Exchange>;
}

export async function startFaultBench(
  fronts: readonly MatrixFront[],
  env: Readonly<Record<string, string>> = {},
  endpoint?: string,
): Promise<FaultBench> {
  const emulator = await startBedrockEmulator({
    paceMs: 0,
    respond: ({ target }) => (/(?:^|\/)emulator\./.test(target?.modelId ?? '') ? undefined : playedAnswer.reply()),
  });
  const proxy = await startTcpProxy(emulator.port);
  const started = new Map<MatrixFront, Promise<FrontProcess>>();
  const sandboxes = new Map<MatrixFront, FrontProcess>();
  const target = endpoint ?? `http://127.0.0.1:${proxy.port}`;
  for (const front of fronts) {
    // Both buffered fronts share one bundle.
    const twin = front === 'http' ? started.get('rest') : undefined;
    const start = () => (front === 'web-function' ? startWebFront(target, env) : startFront(front, target, env));
    started.set(front, twin ?? start());
  }
  for (const [front, sandbox] of started) sandboxes.set(front, await sandbox);
  const emulatedText = await readEmulatedText(emulator.url);

  const sandboxOf = (front: MatrixFront): FrontProcess => {
    const sandbox = sandboxes.get(front);
    if (sandbox === undefined) throw new Error(`${front} was not started`);
    return sandbox;
  };

  return {
    emulator,
    proxy,
    emulatedText,
    sandbox: sandboxOf,
    async request(front, modelId, { strike, requestId = randomUUID(), ...options } = {}) {
      const { invoke, log } = sandboxOf(front);
      const before = emulator.requests.length;
      const { strikes } = proxy;
      proxy.strikeNext(strike);
      const outcome = await readOutcome(await invoke(eventOf(front, modelId), { requestId, ...options }));
      proxy.strikeNext(undefined);
      if (strike !== undefined && proxy.strikes !== strikes + 1) throw new Error('the fault was not played');
      const line = new RegExp(`"request\\.end".*"${requestId}"`);
      await log.waitFor(line);
      const lines = log.lines.filter((text) => line.test(text)).map((text): LogLine => JSON.parse(text));
      return { outcome, lines, upstream: emulator.requests.slice(before) };
    },
    async [Symbol.asyncDispose]() {
      for (const sandbox of new Set(sandboxes.values())) await sandbox.close();
      await proxy.close();
      await emulator.close();
    },
  };
}

export async function readEmulatedText(endpoint: string): Promise<string> {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const invoker = createBedrockInvoker({ region: 'us-east-1', endpoint, credentials });
  const modelId = faultModelId('unknown-event', 'after-end');
  return (await streamModel(invoker, { modelId, payload: {} }).collect()).text;
}

/** The milliseconds from the end of the answer to the end of the call at Bedrock. Undefined if the call is open for another second. */
export async function closedAfter(request: EmulatorRequest, endedAt: number): Promise<number | undefined> {
  await Promise.race([request.closed, pause(1_000, undefined, { ref: false })]);
  return request.closedAt === undefined ? undefined : Math.max(request.closedAt - endedAt, 0);
}
