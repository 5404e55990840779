import { describe, expect, it } from 'vitest';
import type { ProxyError } from '../../errors/proxy-error.js';
import { readNativeRequest } from './read-native-request.test-helper.js';

const read = (body: string | Uint8Array) => readNativeRequest(typeof body === 'string' ? Buffer.from(body) : body);
const payloadOf = (body: string) => Buffer.from(read(body).payload).toString();

function refusalOf(body: string | Uint8Array): Pick<ProxyError, 'code' | 'issues'> {
  try {
    read(body);
  } catch (error) {
    return error as ProxyError;
  }
  throw new Error(`${body} was accepted`);
}

describe('the members that the proxy reads', () => {
  it('takes a model and no stream for a request that does not stream', () => {
    expect(read('{"modelId":"a.b"}')).toEqual({
      modelId: 'a.b',
      stream: false,
      payload: Buffer.from('{}'),
    });
  });

  it('takes model where modelId is absent, and cuts it', () => {
    expect(read('{"model":"a.b","stream":true}')).toMatchObject({ modelId: 'a.b', stream: true });
    expect(payloadOf('{"model":"a.b","stream":true,"x":1}')).toBe('{"x":1}');
  });

  it('leaves model to the payload where modelId is there, even twice', () => {
    expect(payloadOf('{"model":"x","modelId":"a.b","model":7}')).toBe('{"model":"x","model":7}');
  });

  it('looks at the top level alone', () => {
    expect(payloadOf('{"a":{"modelId":"x","stream":1},"modelId":"a.b"}')).toBe('{"a":{"modelId":"x","stream":1}}');
  });

  it.each(['cohere.command-text-v14', 'cohere.command-light-text-v14', 'us.cohere.command-text-v14:7:4k'])(
    'leaves stream in the payload of %s, which sends deltas only where its body asks for them',
    (modelId) => {
      expect(payloadOf(`{"stream":true, "modelId":"${modelId}","prompt":"x"}`)).toBe('{"stream":true,"prompt":"x"}');
    },
  );

  it.each([
    'arn:aws:bedrock:us-east-1::foundation-model/cohere.command-text-v14',
    'arn:aws:bedrock:us-east-1::foundation-model/cohere.command-light-text-v14',
  ])('leaves it there for %s too', (modelId) => {
    expect(payloadOf(`{"modelId":"${modelId}","stream":false}`)).toBe('{"stream":false}');
  });

  it.each(['cohere.command-r-v1:0', 'cohere.command-r-plus-v1:0', 'notcohere.command-text-v14', 'cohere-command-text'])(
    'cuts stream out for %s',
    (modelId) => {
      expect(payloadOf(`{"modelId":"${modelId}","stream":true}`)).toBe('{}');
    },
  );

  it.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty'])(
    'keeps a member called %s and is not changed by it',
    (key) => {
      const body = `{"${key}":{"modelId":"evil.model","stream":true},"modelId":"a.b"}`;
      expect(read(body)).toMatchObject({ modelId: 'a.b', stream: false });
      expect(payloadOf(body)).toBe(`{"${key}":{"modelId":"evil.model","stream":true}}`);
      expect(refusalOf(`{"${key}":{"modelId":"evil.model"}}`).code).toBe('invalid_request');
    },
  );
});

describe('a request with a member that cannot be read', () => {
  const missing = {
    path: 'modelId',
    message: 'Send the model as a string: a model id, an inference-profile id or an ARN.',
  };
  const notBoolean = { path: 'stream', message: 'Send true or false, or leave it out for false.' };

  it.each([
    ['{}', [missing]],
    ['{"modelid":"a.b"}', [missing]],
    ['{"modelId":7}', [missing]],
    ['{"modelId":null,"model":"a.b"}', [missing]],
    ['{"modelId":["a.b"]}', [missing]],
    ['{"model":7}', [{ ...missing, path: 'model' }]],
    ['{"modelId":"a.b","stream":"true"}', [notBoolean]],
    ['{"modelId":"a.b","stream":null}', [notBoolean]],
    ['{"modelId":"a.b","stream":1}', [notBoolean]],
    ['{"stream":0}', [missing, notBoolean]],
    ['{"modelId":"a","modelId":"a"}', [{ path: 'modelId', message: 'Send modelId once: it is there more than once.' }]],
    [
      '{"modelId":"a","mod\\u0065lId":"a"}',
      [{ path: 'modelId', message: 'Send modelId once: it is there more than once.' }],
    ],
    ['{"model":"a","model":"b"}', [{ path: 'model', message: 'Send model once: it is there more than once.' }]],
    [
      '{"modelId":"a","stream":true,"stream":false}',
      [{ path: 'stream', message: 'Send stream once: it is there more than once.' }],
    ],
  ])('%s is told what to mend', (body, issues) => {
    expect(refusalOf(body)).toMatchObject({ code: 'invalid_request', issues });
  });

  it('is told of what was found outside of its body first', () => {
    const outside = { path: 'x-header', message: 'Leave it out.' };
    expect(() => readNativeRequest(Buffer.from('{"modelId":"a.b"}'), [outside])).toThrowError(
      expect.objectContaining({ code: 'invalid_request', issues: [outside] }),
    );
    expect(() => readNativeRequest(Buffer.from('{}'), [outside])).toThrowError(
      expect.objectContaining({ issues: [outside, missing] }),
    );
  });
});

describe('the depth of a request', () => {
  const nested = (levels: number) => `{"modelId":"a.b","x":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;

  it('may be 64 and not 65', () => {
    expect(read(nested(64)).modelId).toBe('a.b');
    expect(refusalOf(nested(65))).toMatchObject({
      code: 'invalid_json',
      message: 'The body nests deeper than 64 levels. Flatten it.',
    });
  });

  it('does not count brackets inside of strings', () => {
    expect(read(`{"modelId":"a.b","x":"${'['.repeat(100)}\\"${'{'.repeat(100)}"}`).modelId).toBe('a.b');
  });
});
