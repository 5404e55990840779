import { type AccessPolicy, type Admission, type ErrorCode, ProxyError } from '@bedrock-proxy/core';
import { describe, expect, it } from 'vitest';
import type { DialectQuestion } from './dialect-setup.js';
import { type DialectUnderTest, errorCodes, expectNoSecrets, secretCause } from './dialect-under-test.js';
import { refusalOf } from './exchange.js';

const policyThat = (rights: Partial<Admission>): AccessPolicy => {
  return () => ({ allow: true, principal: 'anyone', ...rights });
};

const denials: readonly (readonly [name: string, code: ErrorCode, access: AccessPolicy])[] = [
  ['no token', 'missing_token', () => ({ allow: false, code: 'missing_token' })],
  ['a wrong token', 'invalid_token', () => ({ allow: false, code: 'invalid_token' })],
  ['a wrong address', 'ip_not_allowed', Object.assign(policyThat({}), { admitsSource: () => false })],
  ['a model of others', 'model_not_allowed', policyThat({ permitsModel: () => false })],
  ['a limit that is reached', 'rate_limited', policyThat({ reserve: () => ({ allow: false, code: 'rate_limited' }) })],
];

/** The plain errors of a dialect. */
export function testRefusals(subject: DialectUnderTest, questions: readonly DialectQuestion[]): void {
  const { fronts } = subject;

  describe('a plain error', () => {
    it.each(errorCodes)('of %s has a status, a body that its reader understands, and no secret', async (code) => {
      const issues = [{ path: 'messages', message: 'Send some.' }];
      const upstream = { name: 'some_error', status: 400 };
      for (const options of [{}, { cause: secretCause, issues, upstream, retryAfterSeconds: 7 }]) {
        const answer = await refusalOf(subject.setup.dialect(), new ProxyError(code, options));
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(600);
        expectNoSecrets(answer.text + JSON.stringify(answer.headers));
        for (const { read } of questions) {
          const reading = read(answer);
          subject.expectError(reading, code, `request-of-${code}`);
          expect(reading.text).toBe('');
        }
      }
    });

    it.each(errorCodes)('of %s has the headers that HTTP asks for', async (code) => {
      const answer = await refusalOf(subject.setup.dialect(), new ProxyError(code, { retryAfterSeconds: 7 }));
      expect(answer.headers['retry-after']).toBe('7');
      expect(answer.headers['content-type']).toMatch(/^\w+\/[\w+.-]+/);
      if (answer.status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Bearer\b/);
      if (answer.status === 405) expect(answer.headers['allow']).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
    });

    it.each(errorCodes)('is the answer if the model refuses with %s', async (code) => {
      for (const { request, read } of questions) {
        for (const front of fronts) {
          const refusal = new ProxyError(code, { cause: secretCause });
          await subject.expectRefusal(await subject.ask(request, { front, script: { refusal } }), code, read);
        }
      }
    });

    it('of internal is the answer if the invoker has a bug', async () => {
      for (const { request, read } of questions) {
        for (const front of fronts) {
          const answer = await subject.ask(request, { front, script: { refusal: secretCause } });
          await subject.expectRefusal(answer, 'internal', read);
        }
      }
    });

    it.each(denials)('is the answer to a caller with %s, and no model is called', async (_, code, access) => {
      for (const { request, read } of questions) {
        for (const front of fronts) {
          const answer = await subject.ask(request, { front, access });
          await subject.expectRefusal(answer, code, read);
          expect(answer.model.calls).toEqual([]);
        }
      }
    });
  });

  describe('a request', () => {
    const [{ read }] = questions as readonly [DialectQuestion];
    const expectUnsent = async (request: DialectQuestion['request'], code: ErrorCode, access?: AccessPolicy) => {
      for (const front of fronts) {
        const answer = await subject.ask(request, { front, ...(access && { access }) });
        await subject.expectRefusal(answer, code, read);
        expect(answer.model.calls).toEqual([]);
      }
    };

    it.each(subject.setup.refused)('with $name is refused as $code', async ({ request, code }) => {
      await expectUnsent(request, code);
    });

    // A path is judged before the credentials.
    const ofBody = subject.setup.refused.filter(({ code }) => code !== 'not_found' && code !== 'method_not_allowed');
    it.each(ofBody)('with $name is judged only if its caller is admitted', async ({ request }) => {
      await expectUnsent(request, 'invalid_token', () => ({ allow: false, code: 'invalid_token' }));
    });

    it("with a setting of Bedrock's that is not its to choose is refused as invalid_request", async () => {
      for (const { request } of questions) {
        const headers = { ...request.headers, 'x-amzn-bedrock-guardrailidentifier': 'none' };
        await expectUnsent({ ...request, headers }, 'invalid_request');
      }
    });
  });
}
