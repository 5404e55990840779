import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BedrockEmulator, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { readStreamedText, startLambdaSandbox } from '@bedrock-proxy/testing/lambda';
import * as newerApi from '@opentelemetry/api';
import * as olderApi from 'opentelemetry-api-1.9.0';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundles } from '../conformance/bundles.ts';
import { eventOf } from '../faults/start-front.ts';

const chunksOf = (folder: string) => readdirSync(folder).filter((name) => /^opentelemetry-\w+\.mjs$/.test(name));
const event = eventOf('function-url', 'anthropic.claude-sonnet-4-6');

describe.each(Object.entries(bundles))('the chunk of %s', (_, folder) => {
  it('is one, of at most 10 KB', () => {
    const [chunk = '', ...others] = chunksOf(folder);
    expect(others).toEqual([]);
    expect(readFileSync(join(folder, chunk)).length).toBeLessThanOrEqual(10_240);
  });

  it.each([
    ['1.9.0', olderApi],
    ['1.10.0', newerApi],
  ] as const)('sees a provider that version %s of the API has registered', async (version, { trace }) => {
    const started: string[] = [];
    const tracer = {
      startSpan(name: string) {
        started.push(name);
        return { isRecording: () => false };
      },
    };
    expect(trace.setGlobalTracerProvider({ getTracer: () => tracer } as never)).toBe(true);
    try {
      const api = Reflect.get(globalThis, Symbol.for('opentelemetry.js.api.1'));
      expect(api).toMatchObject({ version });
      const { openTelemetryTracer } = await import(join(folder, chunksOf(folder)[0] ?? ''));
      openTelemetryTracer().startCall({ modelId: 'a.b', stream: true, operation: 'chat' });
      expect(started).toEqual(['chat a.b']);
    } finally {
      trace.disable();
      Reflect.deleteProperty(globalThis, Symbol.for('opentelemetry.js.api.1'));
    }
  });
});

describe('a bundle without its chunk', () => {
  const copy = mkdtempSync(join(tmpdir(), 'without-chunk-'));
  let emulator: BedrockEmulator;
  beforeAll(async () => {
    emulator = await startBedrockEmulator({ paceMs: 0 });
    cpSync(bundles['function-url'], copy, { recursive: true });
    for (const chunk of chunksOf(copy)) rmSync(join(copy, chunk));
  });
  afterAll(async () => {
    await emulator.close();
    rmSync(copy, { recursive: true, force: true });
  });

  async function invoke(env: Readonly<Record<string, string>>) {
    await using sandbox = await startLambdaSandbox({
      bundle: copy,
      resolveFrom: fileURLToPath(new URL('..', import.meta.url)),
      env: { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: emulator.url, ...env },
    });
    const result = await sandbox.invoke(event);
    const text = result.mode === 'streamed' ? await readStreamedText(result) : '';
    await sandbox.invoke(event);
    return { text, log: sandbox.log.text };
  }

  it('answers, because nothing asks for the chunk unless a layer has registered a provider', async () => {
    const { text, log } = await invoke({});
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
    expect(log).not.toContain('observer.failed');
  });

  it('answers under a layer too, and logs what is missing', async () => {
    const register = "globalThis[Symbol.for('opentelemetry.js.api.1')] = { version: '1.9.1', trace: {} };";
    const { text, log } = await invoke({
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(register)}`,
    });
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
    expect(log).toMatch(/"event":"observer\.failed".*"observer":"tracer"/);
  });
});
