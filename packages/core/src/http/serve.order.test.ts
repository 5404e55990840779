import { describe, expect, it } from 'vitest';
import type { AccessPolicy } from '../access/access-policy.js';
import { ProxyError } from '../errors/proxy-error.js';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import { createProxy } from '../proxy/create-proxy.js';
import type { BufferedAnswer } from './http-answer.js';
import { serve } from './serve.js';

/** A request with everything in order, of which each fault spoils something. */
const sound = {
  method: 'POST',
  path: '/chat',
  sourceIp: '10.0.0.1',
  authorization: ['Bearer good'],
  guardrail: false,
  modelId: 'a.b',
  isJson: true,
  isSmall: true,
  permitsModel: true,
  permitsStream: true,
};
type Attempt = typeof sound;

interface Fault {
  readonly name: string;
  readonly outcome: string | number;
  readonly change: Readonly<Partial<Attempt>>;
}

/** In the order in which they are looked for. */
const faults: readonly Fault[] = [
  { name: 'a preflight', outcome: 204, change: { method: 'OPTIONS' } },
  { name: 'a health check', outcome: 200, change: { method: 'GET', path: '/health' } },
  { name: 'a strange address', outcome: 'ip_not_allowed', change: { sourceIp: '192.0.2.1' } },
  { name: 'a reserved path', outcome: 'not_found', change: { path: '/v1/chat' } },
  { name: 'another method', outcome: 'method_not_allowed', change: { method: 'PUT' } },
  { name: 'two credentials', outcome: 'invalid_request', change: { authorization: ['Bearer good', 'Bearer good'] } },
  { name: 'no credential', outcome: 'missing_token', change: { authorization: [] } },
  { name: 'a wrong credential', outcome: 'invalid_token', change: { authorization: ['Bearer bad'] } },
  { name: 'a large body', outcome: 'body_too_large', change: { isSmall: false } },
  { name: 'a body that is no JSON', outcome: 'invalid_json', change: { isJson: false } },
  { name: 'a guardrail header', outcome: 'invalid_request', change: { guardrail: true } },
  { name: 'an impossible model', outcome: 'invalid_model', change: { modelId: '../x' } },
  { name: 'a model that is not allowed', outcome: 'model_not_allowed', change: { permitsModel: false } },
  { name: 'a stream that is not allowed', outcome: 'stream_not_allowed', change: { permitsStream: false } },
];

/** Two faults that spoil the same thing cannot meet in one request. */
const canMeet = (one: Fault, other: Fault) => !Object.keys(one.change).some((spoiled) => spoiled in other.change);

const throttledInvoker = inlineInvoker({ refusal: new ProxyError('throttled') });

async function outcomeOf(front: 'streaming' | 'buffered', chosen: readonly Fault[]): Promise<string | number> {
  const attempt: Attempt = Object.assign({ ...sound }, ...chosen.map(({ change }) => change));
  const { method, path, sourceIp, permitsModel, permitsStream } = attempt;
  const access: AccessPolicy = Object.assign(
    ({ token, sourceIp: seen }: { token?: string; sourceIp?: string }) => {
      expect(seen).toBe(sourceIp);
      if (token === undefined) return { allow: false, code: 'missing_token' } as const;
      if (token !== 'good') return { allow: false, code: 'invalid_token' } as const;
      return { allow: true, principal: 'team', permitsModel: () => permitsModel, permitsStream } as const;
    },
    { admitsSource: (ip: string | undefined) => ip === '10.0.0.1' },
  );
  const logger = { info() {}, warn() {}, error() {} };
  const proxy = createProxy({ invoker: throttledInvoker, access, logger, limits: { maxBodyBytes: 500 } });
  const json = JSON.stringify({ modelId: attempt.modelId, stream: true });
  const headers = {
    authorization: attempt.authorization,
    ...(attempt.guardrail && { 'x-amzn-bedrock-guardrailidentifier': ['g'] }),
  };
  const request = {
    ...{ method, path, headers, sourceIp, front: 'test', requestId: 'r', signal: new AbortController().signal },
    body: (attempt.isJson ? json : `${json}!`) + (attempt.isSmall ? '' : ' '.repeat(500)),
  };
  const buffered = {
    fits: () => true,
    maxBodyBytes: 1_000,
    size: (piece: { readonly length: number }) => piece.length,
  };
  const answer = front === 'streaming' ? await serve(proxy, request) : await serve(proxy, request, { buffered });
  if (answer.status < 300) return answer.status;
  return JSON.parse((answer as BufferedAnswer).body.toString()).error.code;
}

describe.each(['streaming', 'buffered'] as const)('on a %s front', (front) => {
  it('a request with nothing wrong gets as far as the model', async () => {
    expect(await outcomeOf(front, [])).toBe('throttled');
  });

  it.each(faults)('$name alone gives $outcome', async (fault) => {
    expect(await outcomeOf(front, [fault])).toBe(fault.outcome);
  });

  const pairs = faults.flatMap((first, at) =>
    faults
      .slice(at + 1)
      .filter((second) => canMeet(first, second))
      .map((second) => ({ first, second })),
  );

  it.each(pairs)('$first.name is seen before $second.name', async ({ first, second }) => {
    expect(await outcomeOf(front, [first, second])).toBe(first.outcome);
  });
});
