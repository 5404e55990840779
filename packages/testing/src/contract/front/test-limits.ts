import { describe, expect, it } from 'vitest';
import { brokenClaudeStream, slowClaudeStream } from './claude-stream.js';
import { expectRefusal } from './expect-refusal.js';
import type { FrontUnderTest } from './front-under-test.js';
import { post, question } from './question.js';
import { readItems } from './read-items.js';

/** What a `testLimits` adapter was configured with. */
export interface TestedLimits {
  readonly token: string;
  readonly maxBodyBytes: number;
  /** `GATEWAY_TIMEOUT_MS` less `DEADLINE_MARGIN_MS`. */
  readonly gatewayDeadlineMs: number;
}

/** Sizes and times: of `HEAD_WAIT_MS` and `HEARTBEAT_MS` no more is known than that they are a fraction of a second. */
export function testLimits(front: FrontUnderTest, { token, maxBodyBytes, gatewayDeadlineMs }: TestedLimits): void {
  const authorization = `Bearer ${token}`;

  describe('MAX_BODY_BYTES', () => {
    it.each(['application/json', 'application/octet-stream'])('counts the bytes of a body of %s', async (type) => {
      const headers = { authorization, 'content-type': type };
      const fitting = question().padEnd(maxBodyBytes - 2);
      expect((await front.ask('/', post(fitting, headers))).status).toBe(200);
      const over = `${question()}${'ü'.repeat(maxBodyBytes / 2)}`;
      expectRefusal(await front.ask('/', post(over, headers)), { status: 413, code: 'body_too_large' });
    });
  });

  if (front.streamsAs === 'array') {
    describe('GATEWAY_TIMEOUT_MS', () => {
      it.each([true, false])('ends a call before the gateway gives up, streamed: %j', async (stream) => {
        front.bedrock.respondWith('stall');
        const began = performance.now();
        const answer = await front.ask('/', post(question({ stream }), { authorization }));
        expectRefusal(answer, { status: 504, code: 'deadline_exceeded', retryable: true });
        expect(performance.now() - began).toBeGreaterThan(gatewayDeadlineMs - 50);
        await front.bedrock.requests.at(-1)?.closed;
        expect(front.bedrock.requests.at(-1)?.aborted).toBe(true);
      });

      it('keeps the text that came in time', async () => {
        front.bedrock.respondWith(brokenClaudeStream(['Hel'], 'stall'));
        const answer = await front.ask('/', post(question({ stream: true }), { authorization }));
        expect(answer.status).toBe(504);
        expect(readItems(answer.text, 'array')).toMatchObject([
          { content: 'Hel' },
          { error: { code: 'deadline_exceeded' } },
        ]);
      });
    });
  } else {
    describe('HEAD_WAIT_MS and HEARTBEAT_MS', () => {
      it('keep a connection alive with comments, before the first text and after it', async () => {
        front.bedrock.respondWith(slowClaudeStream(['Hel', 'lo'], 250));
        const answer = await front.ask('/', post(question({ stream: true }), { authorization }));
        expect(answer.status).toBe(200);
        expect(answer.text).toMatch(
          /^(?:: ping\n\n)+data: \{"content":"Hel"\}\n\n(?:: ping\n\n)+data: \{"content":"lo"\}\n\ndata: \[DONE\]\n\n$/,
        );
      });
    });
  }
}
