import type { RequestRecord } from '@bedrock-proxy/core';
import { afterAll, beforeAll, beforeEach, expect, vi } from 'vitest';
import { type BedrockEmulator, startBedrockEmulator } from '../../emulator/index.js';
import type { FrontSetup, FrontSubject } from './front-setup.js';
import { type ReceivedAnswer, type SentRequest, sendRequest } from './send-request.js';

/** How the adapter of one group of tests is configured. */
export interface FrontConfiguration {
  readonly environment: Readonly<Record<string, string>>;
  /** The `Access-Control-Allow-Origin` that the page of an origin is to read; undefined: none. */
  allowedOrigin(origin: string | undefined): string | undefined;
  /** Whether answers have CORS headers at all. */
  readonly ownsCors: boolean;
  /** What no line of the log may hold: tokens, and what is asked and answered. */
  readonly secrets: readonly string[];
}

/** An answer, and the one line that the adapter logged of its request. */
export interface LoggedAnswer extends ReceivedAnswer {
  readonly end: RequestRecord;
}

/** An adapter before an emulated Bedrock, started for one group of tests. */
export interface FrontUnderTest extends Pick<FrontSetup, 'streamsAs'> {
  /** Its model answers at once. What `respondWith` was given is forgotten before each test. */
  readonly bedrock: BedrockEmulator;
  readonly url: string;
  /** Sends a request to a path of the adapter, and expects of the answer what every answer owes. */
  ask(path: string, request?: SentRequest): Promise<LoggedAnswer>;
}

const exposedHeaders =
  'x-request-id, retry-after, www-authenticate, x-amzn-remapped-www-authenticate, request-id, x-should-retry, x-proxy-dropped, x-proxy-estimate, x-served-model';
const startTimeoutMs = 30_000;

/** Starts the adapter before the tests of the `describe` that this is called in, and stops it after them. */
export function useFront(setup: FrontSetup, configuration: FrontConfiguration): FrontUnderTest {
  let bedrock: BedrockEmulator;
  let subject: FrontSubject;
  let asked = 0;

  beforeAll(async () => {
    bedrock = await startBedrockEmulator({ paceMs: 0 });
    const host = {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'emulated',
      AWS_SECRET_ACCESS_KEY: 'emulated',
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
      BEDROCK_MAX_ATTEMPTS: '1',
    };
    subject = await setup.start({ ...host, ...configuration.environment });
  }, startTimeoutMs);
  beforeEach(() => bedrock.respondWith(undefined));
  afterAll(async () => {
    const log = subject.log();
    const ends = endLines(log);
    await subject.stop();
    await bedrock.close();
    expect(ends.length, 'one request.end line a request').toBe(asked);
    expect(new Set(ends.map(({ requestId }) => requestId)).size).toBe(asked);
    for (const secret of configuration.secrets) expect(log.filter((line) => line.includes(secret))).toEqual([]);
  });

  async function ask(path: string, request: SentRequest = {}): Promise<LoggedAnswer> {
    asked += 1;
    const answer = await sendRequest(subject.url + path, request);
    const { status, headers } = answer;
    const requestId = headers['x-request-id']?.toString() ?? '';
    expect(requestId, 'every answer has x-request-id').toMatch(/^\S+$/);
    if (setup.gatewayRequestId !== undefined) expect(requestId).toBe(headers[setup.gatewayRequestId]);
    const origin = request.headers?.origin;
    const allowed = configuration.allowedOrigin(typeof origin === 'string' ? origin : undefined);
    expect(headers['access-control-allow-origin']).toBe(allowed);
    expect(headers['access-control-expose-headers']).toBe(configuration.ownsCors ? exposedHeaders : undefined);
    expect(headers).not.toHaveProperty('access-control-allow-credentials');

    // A streaming adapter logs after its last byte has left.
    const findEnd = () =>
      endLines(subject.log()).find((line) => line.requestId === requestId) ?? expect.fail(requestId);
    const end = await vi.waitFor(findEnd, { interval: 2, timeout: 2_000 });
    expect(end).toMatchObject({ front: setup.front, status, sourceIp: '127.0.0.1', durationMs: expect.any(Number) });
    if (status !== 204) expect(end.bytesOut).toBe(answer.body.length);
    return { ...answer, end };
  }

  return {
    streamsAs: setup.streamsAs,
    get bedrock() {
      return bedrock;
    },
    get url() {
      return subject.url;
    },
    ask,
  };
}

function endLines(log: readonly string[]): RequestRecord[] {
  return log.filter((line) => line.includes('"request.end"')).map((line) => JSON.parse(line));
}
