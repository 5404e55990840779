import { describe, expect, it } from 'vitest';
import { expectRefusal } from './expect-refusal.js';
import type { FrontUnderTest } from './front-under-test.js';
import { type Check, type CheckedTokens, checksInOrder, requestFailing } from './order-of-checks.js';

/** That a request with one fault, or with any two, is answered for the first of them in the order. */
export function testOrderOfChecks(front: FrontUnderTest, tokens: CheckedTokens, maxBodyBytes: number): void {
  const checks = checksInOrder(tokens, maxBodyBytes);

  async function expectVerdict(faults: readonly Check[], { name, status, code }: Check): Promise<void> {
    const { path, request, reply } = requestFailing(faults, tokens);
    front.bedrock.respondWith(reply);
    const before = front.bedrock.requests.length;
    const answer = await front.ask(path, request);
    expect(answer, `expected to be answered for ${name}`).toMatchObject({ status });
    if (code !== undefined) expect(JSON.parse(answer.text).error.code).toBe(code);
    expect(front.bedrock.requests.length - before).toBe(code === 'throttled' ? 1 : 0);
  }

  describe('the order of checks', () => {
    it.each(checks)('has $name', async (check) => expectVerdict([check], check));

    it.each(checks.slice(0, -1))('puts $name before whatever comes later', async (first) => {
      for (const second of checks.slice(checks.indexOf(first) + 1)) await expectVerdict([first, second], first);
    });
  });
}

/** The same where the client's address is refused: that comes after preflight and health, and before all else. */
export function testRefusedAddress(front: FrontUnderTest, tokens: CheckedTokens, maxBodyBytes: number): void {
  const checks = checksInOrder(tokens, maxBodyBytes);

  describe('an address that is not allowed', () => {
    it.each(checks.slice(0, 2))('is served $name', async (check) => {
      const { path, request } = requestFailing([check], tokens);
      expect((await front.ask(path, request)).status).toBe(check.status);
    });

    it.each(checks.slice(2))('is told so before $name', async (check) => {
      const { path, request } = requestFailing([check], tokens);
      const answer = await front.ask(path, request);
      expectRefusal(answer, { status: 403, code: 'ip_not_allowed' });
      expect(answer.headers).not.toHaveProperty('www-authenticate');
      expect(answer.headers).not.toHaveProperty('x-amzn-remapped-www-authenticate');
    });

    it('cannot claim another one', async () => {
      const { path, request } = requestFailing([], tokens);
      const claims = { 'x-forwarded-for': '192.0.2.1', 'x-real-ip': '192.0.2.1', forwarded: 'for=192.0.2.1' };
      const answer = await front.ask(path, { ...request, headers: { ...request.headers, ...claims } });
      expectRefusal(answer, { status: 403, code: 'ip_not_allowed' });
    });
  });
}
