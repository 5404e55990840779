import type { ErrorCode } from '@bedrock-proxy/core';
import { describe, expect, it } from 'vitest';
import { type ExceptionName, encodeExceptionFrame, exceptionReply, streamReply } from '../../emulator/index.js';
import { expectRefusal, type Refusal } from './expect-refusal.js';
import type { FrontUnderTest } from './front-under-test.js';
import { claude, post, question } from './question.js';

const secret = 'arn:aws:iam::123456789012:role/secret-role';

const refusals: readonly (readonly [ExceptionName, Refusal])[] = [
  ['ValidationException', { status: 400, code: 'upstream_validation' }],
  ['AccessDeniedException', { status: 502, code: 'upstream_denied' }],
  ['ResourceNotFoundException', { status: 404, code: 'model_not_found' }],
  ['ThrottlingException', { status: 429, code: 'throttled', retryable: true, retryAfter: 1 }],
  ['ServiceQuotaExceededException', { status: 429, code: 'quota_exceeded', retryAfter: 60 }],
  ['ModelErrorException', { status: 502, code: 'upstream_error', retryable: true }],
  ['InternalServerException', { status: 502, code: 'upstream_error', retryable: true }],
  ['ModelNotReadyException', { status: 503, code: 'model_not_ready', retryable: true, retryAfter: 10 }],
  ['ServiceUnavailableException', { status: 503, code: 'upstream_unavailable', retryable: true, retryAfter: 1 }],
  ['ModelTimeoutException', { status: 504, code: 'upstream_timeout', retryable: true }],
];

const nested = (depth: number) => `{"modelId":"${claude}","a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

const unreadable: readonly (readonly [name: string, body: string | Uint8Array])[] = [
  ['nothing', ''],
  ['no JSON', '{"modelId":'],
  ['an array', '[{}]'],
  ['a string', '"modelId"'],
  ['no UTF-8', Uint8Array.of(...Buffer.from('{"modelId":"'), 0xff, ...Buffer.from('"}'))],
  ['65 levels', nested(65)],
];

const invalid: readonly (readonly [name: string, path: string, body: string])[] = [
  ['no modelId', 'modelId', '{"messages":[]}'],
  ['a modelId that is no string', 'modelId', '{"modelId":7}'],
  ['two modelIds', 'modelId', `{"modelId":"${claude}","modelId":"${claude}"}`],
  ['a stream that is no boolean', 'stream', `{"modelId":"${claude}","stream":"true"}`],
  ['two streams', 'stream', `{"modelId":"${claude}","stream":true,"stream":true}`],
];

const models = ['', '..', 'a..b', 'a/b', 'a\u0000b', 'x'.repeat(2_049), 'arn:aws:s3:::bucket/key'];

/** How an adapter refuses. */
export function testRefusals(front: FrontUnderTest): void {
  describe('a refusal of Bedrock', () => {
    it.each(refusals)('by %s has its true status, whether the answer was to stream or not', async (name, refusal) => {
      front.bedrock.respondWith(exceptionReply(name, `It failed for ${secret}`));
      for (const stream of [true, false]) {
        const answer = await front.ask('/', post(question({ stream })));
        expectRefusal(answer, refusal);
        expect(answer.text).not.toMatch(/arn:|123456789012|secret-role/);
        expect(answer.end).toMatchObject({ terminal: stream ? 'error' : 'none', attempts: 1 });
      }
    });

    it('that comes as the first event of a stream has its true status too', async () => {
      front.bedrock.respondWith(streamReply([encodeExceptionFrame('throttlingException', 'Slow down')]));
      const answer = await front.ask('/', post(question({ stream: true })));
      expectRefusal(answer, { status: 429, code: 'throttled', retryable: true, retryAfter: 1 });
    });

    it("passes Bedrock's own Retry-After on", async () => {
      front.bedrock.respondWith(exceptionReply('ThrottlingException', 'Slow down', { 'retry-after': '7' }));
      const answer = await front.ask('/', post(question()));
      expectRefusal(answer, { status: 429, code: 'throttled', retryable: true, retryAfter: 7 });
    });

    it('says what is wrong with the payload', async () => {
      front.bedrock.respondWith(exceptionReply('ValidationException', 'max_tokens: must be greater than 0'));
      const answer = await front.ask('/', post(question()));
      expect(expectRefusal(answer, { status: 400, code: 'upstream_validation' })).toContain('max_tokens');
    });
  });

  describe('a request', () => {
    const expectUnsent = async (body: string | Uint8Array, code: ErrorCode, issues = false, headers = {}) => {
      const before = front.bedrock.requests.length;
      const answer = await front.ask('/', post(body, headers));
      expectRefusal(answer, { status: 400, code, issues });
      expect(front.bedrock.requests.length).toBe(before);
      return JSON.parse(answer.text).error;
    };

    it.each(unreadable)('of %s is invalid_json', async (_, body) => {
      await expectUnsent(body, 'invalid_json');
    });

    it('may nest 64 levels', async () => {
      front.bedrock.respondWith(exceptionReply('ThrottlingException', 'It got there'));
      expect((await front.ask('/', post(nested(64)))).status).toBe(429);
    });

    it.each(invalid)('with %s is invalid_request, at %s', async (_, path, body) => {
      const { issues } = await expectUnsent(body, 'invalid_request', true);
      expect(issues).toMatchObject([{ path }]);
    });

    it('with a guardrail, which would be skipped, is invalid_request', async () => {
      const name = 'X-Amzn-Bedrock-GuardrailIdentifier';
      const { issues } = await expectUnsent(question(), 'invalid_request', true, { [name]: 'guardrail' });
      expect(issues).toMatchObject([{ path: name.toLowerCase() }]);
    });

    it.each(models)('for the model %j is invalid_model', async (modelId) => {
      await expectUnsent(question({ modelId }), 'invalid_model');
    });
  });
}
