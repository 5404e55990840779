import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lambdaRuntime } from './lambda-runtime.js';
import type { ResponseStream } from './response-stream.js';

const stream: ResponseStream = { writableNeedDrain: false, write: () => true, end() {}, on() {}, off() {} };
const handler = async () => {};
const head = { statusCode: 200, headers: {} };

afterEach(() => void vi.unstubAllGlobals());

describe('under Lambda', () => {
  it('has its runtime mark the handler and put the head in front', () => {
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
  ['nothing is called awslambda', undefined],
  ['the AWS SDK keeps its store there', { InvokeStore: {} }],
])('outside of Lambda, where %s,', (_name, global) => {
  beforeEach(() => void vi.stubGlobal('awslambda', global));

  it('marks the handler as Lambda would, so that it can be imported and is known for one that streams', () => {
    const tag = Symbol.for('aws.lambda.runtime.handler.streaming');
    expect(lambdaRuntime.streamify(handler)).toBe(handler);
    expect(Reflect.get(handler, tag)).toBe('response');
  });

  it('says what is missing', () => {
    expect(() => lambdaRuntime.withHead(stream, head)).toThrowError(
      /awslambda is missing.*@bedrock-proxy\/testing\/lambda/,
    );
  });
});
