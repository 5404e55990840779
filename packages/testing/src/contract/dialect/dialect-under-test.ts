import { type ErrorCode, errorKinds, ProxyError, type RequestRecord } from '@bedrock-proxy/core';
import type { AdmittedHead, FrontKind, ParsedCall, StreamEncoder } from '@bedrock-proxy/core/dialects';
import { expect } from 'vitest';
import type { DialectQuestion, DialectReading, DialectRequest, DialectSetup } from './dialect-setup.js';
import { type Circumstances, type Exchange, exchange, headOf, refusalOf } from './exchange.js';
import { onFakeClock } from './fake-clock.js';
import { ScriptedModel } from './scripted-model.js';

/** Every code that a client can be told. */
export const errorCodes = Object.keys(errorKinds) as readonly ErrorCode[];

/** For the log alone: no client may read it. */
export const secretCause = new Error('canary of arn:aws:iam::123456789012:role/secret-role');

/** The properties of a dialect's streams on which the contract depends. */
export interface StreamTraits extends Pick<StreamEncoder, 'waitsForFirst' | 'onBufferedFailure'> {
  readonly operation: ParsedCall['operation'];
  readonly anyShape: boolean;
}

/** A dialect behind a proxy, made anew for each request. */
export interface DialectUnderTest {
  readonly setup: DialectSetup;
  /** The kinds of fronts that the suite asks. A server of the setup streams. */
  readonly fronts: readonly FrontKind[];
  /** Sends a request, and expects of its answer everything that does not depend on the request. */
  ask(request: DialectRequest, circumstances: Circumstances): Promise<Exchange>;
  /** The same on a clock that skips waits. */
  askOnFakeClock(request: DialectRequest, circumstances: Circumstances): Promise<Exchange>;
  /** Expects the dialect's plain error of this code. */
  expectRefusal(answer: Exchange, code: ErrorCode, read: DialectQuestion['read']): Promise<void>;
  /** Expects a reading to be an error of this code. */
  expectError(reading: DialectReading, code: ErrorCode, requestId: string): void;
  /** The status of the dialect's plain error. */
  statusOf(code: ErrorCode): Promise<number>;
  traitsOf(request: DialectRequest): Promise<StreamTraits>;
}

export function useDialect(setup: DialectSetup): DialectUnderTest {
  const errorCode = setup.errorCode ?? ((code: ErrorCode) => code);

  async function ask(request: DialectRequest, circumstances: Circumstances): Promise<Exchange> {
    return expectHonest(await exchange(setup, request, circumstances), setup.dialect().name);
  }

  async function askOnFakeClock(request: DialectRequest, circumstances: Circumstances): Promise<Exchange> {
    // Loads the codec and the errors, because an import cannot end while the clock stands still.
    await parse(setup, request);
    await statusOf('internal');
    const model = new ScriptedModel(circumstances.script);
    const ask = () => exchange(setup, request, circumstances, model);
    return expectHonest(await onFakeClock(ask, () => model.isWaiting), setup.dialect().name);
  }

  function expectError(reading: DialectReading, code: ErrorCode, requestId: string): void {
    expect(reading).toMatchObject({ kind: 'error', code: errorCode(code) });
    if (reading.kind === 'error' && reading.requestId !== undefined) expect(reading.requestId).toBe(requestId);
  }

  async function statusOf(code: ErrorCode): Promise<number> {
    return (await refusalOf(setup.dialect(), new ProxyError(code))).status;
  }

  return {
    ...{ setup, ask, askOnFakeClock, expectError, statusOf },
    fronts: setup.serve ? ['streaming'] : ['streaming', 'buffered'],
    async expectRefusal(answer, code, read) {
      const reading = read(answer);
      expectError(reading, code, answer.requestId);
      expect(reading.text).toBe('');
      expect(answer.status).toBe(await statusOf(code));
      expect(endOf(answer).code).toBe(code);
    },
    async traitsOf(request) {
      const { operation, anyShape = false, encoder } = await parse(setup, request);
      const { waitsForFirst, onBufferedFailure } = encoder(
        'streaming',
        () => 'anthropic.claude-sonnet-4-6',
        () => undefined,
      );
      return { operation, anyShape, waitsForFirst, onBufferedFailure };
    },
  };
}

/** The record of an exchange, of which there is exactly one. */
export function endOf({ records }: Pick<Exchange, 'records'>): RequestRecord {
  const [record] = records;
  return records.length === 1 && record ? record : expect.fail(`${records.length} records of one request`);
}

async function parse(setup: DialectSetup, request: DialectRequest): Promise<ParsedCall> {
  const head: AdmittedHead = {
    ...headOf(request),
    requestId: 'r-1',
    issues: [],
    isSetting: () => false,
    judge: () => [],
  };
  const route = setup.dialect().route(head);
  if (route?.kind !== 'model') throw new Error(`${head.method} ${head.path} is no call of a model.`);
  const codec = await route.load();
  return codec.parse(Buffer.from(request.body ?? ''), head);
}

function expectHonest(answer: Exchange, dialect: string): Exchange {
  expect(endOf(answer)).toMatchObject({ dialect, status: answer.status });
  if (answer.clientLeft) return answer;
  expect(endOf(answer).bytesOut).toBe(answer.body.length);
  expect(answer.headers['x-request-id']).toBe(answer.requestId);
  // An empty body leaves some clients hanging.
  expect(answer.body.length).toBeGreaterThan(0);
  expectNoSecrets(answer.text + JSON.stringify(answer.headers));
  return answer;
}

/** Expects an answer to hold nothing of a failure's cause. */
export function expectNoSecrets(answer: string): void {
  expect(answer).not.toMatch(/canary|arn:aws|123456789012|secret-role|\bat .*\D:\d+:\d+/);
}
