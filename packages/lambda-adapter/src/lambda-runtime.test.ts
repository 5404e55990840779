import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lambdaRuntime } from './lambda-runtime.js';
import type { ResponseStream } from './response-stream.js';

const stream: ResponseStream = { writableNeedDrain: false, write: () => true, end() {}, on() {}, off() {} };
const handler = async () => {};
const head = { statusCode: 200, headers: {} };

afterEach(() => void vi.unstubAllGlobals());

describe('lambdaRuntime in Lambda', () => {
  it('uses streamifyResponse and HttpResponseStream of awslambda', () => {
    const marked = async () => {};
    const out = { ...stream };
    const from = vi.fn(() => out);
    vi.stubGlobal('awslambda', { streamifyResponse: vi.fn(() => marked), HttpResponseStream: { from } });
    expect(lambdaRuntime.streamify(handler)).toBe(marked);
    expect(lambdaRuntime.withHead(stream, head)).toBe(out);
    expect(from).toHaveBeenCalledExactlyOnceWith(stream, head);
  });
});

describe.each([
  ['awslambda is undefined', undefined],
  ['awslambda is the store of the AWS SDK', { InvokeStore: {} }],
])('lambdaRuntime outside Lambda, if %s,', (_name, global) => {
  beforeEach(() => void vi.stubGlobal('awslambda', global));

  it('marks a handler as streaming, as Lambda would', () => {
    const tag = Symbol.for('aws.lambda.runtime.handler.streaming');
    expect(lambdaRuntime.streamify(handler)).toBe(handler);
    expect(Reflect.get(handler, tag)).toBe('response');
  });

  it('throws an error that names awslambda', () => {
    expect(() => lambdaRuntime.withHead(stream, head)).toThrowError(
      /awslambda is missing.*@bedrock-proxy\/testing\/lambda/,
    );
  });
});
