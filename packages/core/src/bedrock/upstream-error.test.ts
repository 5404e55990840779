import { describe, expect, it } from 'vitest';
import { codeOfSystemError, errorOfException, errorOfFrame, upstreamError } from './upstream-error.js';

const payload = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

describe('an exception of Bedrock', () => {
  it.each([
    ['internalServerException', 'upstream_error'],
    ['modelStreamErrorException', 'upstream_error'],
    ['validationException', 'upstream_validation'],
    ['throttlingException', 'throttled'],
    ['modelTimeoutException', 'upstream_timeout'],
    ['serviceUnavailableException', 'upstream_unavailable'],
    ['somethingNewException', 'upstream_error'],
    ['', 'upstream_error'],
  ])('in a stream, of type %s, has the code %s', (type, code) => {
    const error = errorOfException(type, payload({ message: 'a reason' }));
    expect(error.code).toBe(code);
    expect(error.cause).toMatchObject({ message: 'a reason', name: type && type[0]?.toUpperCase() + type.slice(1) });
  });

  it.each([
    [{ message: 'small' }, 'small'],
    [{ Message: 'capital' }, 'capital'],
    [{ message: 7, Message: 'capital' }, 'capital'],
    ['not JSON', 'not JSON'],
    ['null', 'null'],
    ['"text"', '"text"'],
    [{ other: 1 }, '{"other":1}'],
  ])('with the payload %j has the message %s', (content, message) => {
    expect(errorOfException('validationException', payload(content)).message).toBe(message);
  });

  it('keeps what the model told Bedrock, and is judged by its status', () => {
    const told = { originalStatusCode: 400, originalMessage: 'too long' };
    expect(errorOfException('modelStreamErrorException', payload({ message: 'failed', ...told }))).toMatchObject({
      ...{ code: 'upstream_validation', message: 'failed too long' },
      upstream: { name: 'ModelStreamErrorException', ...told },
    });
    expect(errorOfException('throttlingException', payload({ message: 'Too many tokens per day' })).code).toBe(
      'quota_exceeded',
    );
  });

  it('of any size keeps the start of its bytes if it has no message', () => {
    const { cause } = errorOfException('internalServerException', Buffer.alloc(1_000_000, 'x'));
    expect((cause as Error).message).toHaveLength(2_048);
  });

  it('without a message has the message of its code', () => {
    expect(errorOfException('validationException', payload({ message: '' })).message).toMatch(
      /^Bedrock refused the payload/,
    );
  });
});

describe('upstreamError', () => {
  it('has the cleaned message of Bedrock if it helps to fix the request', () => {
    expect(upstreamError('upstream_validation', new Error('max_tokens of 123456789012')).message).toBe(
      'max_tokens of [account]',
    );
  });

  it('otherwise keeps the message of Bedrock only in its cause', () => {
    const cause = new Error('User: arn:aws:iam::123456789012:user/bob is not authorized');
    const error = upstreamError('upstream_denied', cause, { retryAfterSeconds: 3 });
    expect(error.message).toMatch(/^Bedrock refused the credentials of this proxy or its access to the model\./);
    expect(error).toMatchObject({ cause, retryAfterSeconds: 3 });
  });

  it('never has the message of an error frame', () => {
    expect(errorOfFrame('Boom', 'secret')).toMatchObject({
      code: 'upstream_error',
      message: expect.not.stringContaining('secret'),
      cause: expect.objectContaining({ name: 'Boom', message: 'secret' }),
    });
  });
});

it.each([
  ['ENOTFOUND', 'upstream_unavailable'],
  ['EAI_AGAIN', 'upstream_unavailable'],
  ['ECONNREFUSED', 'upstream_unavailable'],
  ['ECONNRESET', 'upstream_unavailable'],
  ['EPIPE', 'upstream_unavailable'],
  ['ETIMEDOUT', 'upstream_unavailable'],
  ['EHOSTUNREACH', 'upstream_unavailable'],
  ['ENETUNREACH', 'upstream_unavailable'],
  ['EPROTO', 'upstream_unavailable'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'upstream_unavailable'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'upstream_unavailable'],
  ['CERT_HAS_EXPIRED', 'upstream_unavailable'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'upstream_unavailable'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'upstream_unavailable'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'upstream_unavailable'],
  ['HPE_INVALID_CONSTANT', 'upstream_error'],
  ['XECONNRESET', 'upstream_error'],
  [undefined, 'internal'],
  [7, 'internal'],
])('codeOfSystemError turns %s into %s', (code, expected) => {
  expect(codeOfSystemError(code)).toBe(expected);
});
