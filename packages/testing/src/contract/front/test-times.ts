import { describe, expect, it } from 'vitest';
import { brokenClaudeStream, slowClaudeStream } from './claude-stream.js';
import { expectRefusal } from './expect-refusal.js';
import type { FrontUnderTest } from './front-under-test.js';
import { post, question } from './question.js';
import { readItems } from './read-items.js';

const streamed = post(question({ stream: true }));

/**
 * That an answer which is slow keeps its connection alive, or ends before the gateway gives up: `gatewayDeadlineMs` is
 * `GATEWAY_TIMEOUT_MS` less `DEADLINE_MARGIN_MS`. `HEAD_WAIT_MS` and `HEARTBEAT_MS` are less than half of `silenceMs`.
 */
export function testTimes(front: FrontUnderTest, gatewayDeadlineMs: number, silenceMs: number): void {
  if (front.streamsAs === 'array') testGatewayTimeout(front, gatewayDeadlineMs);
  else testHeartbeat(front, silenceMs);
}

function testGatewayTimeout(front: FrontUnderTest, gatewayDeadlineMs: number): void {
  describe('GATEWAY_TIMEOUT_MS', () => {
    it.each([true, false])('ends a call before the gateway gives up, streamed: %j', async (stream) => {
      front.bedrock.respondWith('stall');
      const began = performance.now();
      const answer = await front.ask('/', post(question({ stream })));
      expectRefusal(answer, { status: 504, code: 'deadline_exceeded', retryable: true });
      expect(performance.now() - began).toBeGreaterThan(gatewayDeadlineMs - 50);
      await front.bedrock.requests.at(-1)?.closed;
      expect(front.bedrock.requests.at(-1)?.aborted).toBe(true);
    });

    it('keeps the text that came in time', async () => {
      front.bedrock.respondWith(brokenClaudeStream(['Hel'], 'stall'));
      const answer = await front.ask('/', streamed);
      expect(answer.status).toBe(504);
      const error = { code: 'deadline_exceeded', requestId: answer.headers['x-request-id'] };
      expect(readItems(answer.text, 'array')).toMatchObject([{ content: 'Hel' }, { error }]);
    });
  });
}

function testHeartbeat(front: FrontUnderTest, silenceMs: number): void {
  describe('HEAD_WAIT_MS and HEARTBEAT_MS', () => {
    it('keep a connection alive with comments, before the first text and after it', async () => {
      front.bedrock.respondWith(slowClaudeStream(['Hel', 'lo'], silenceMs));
      const answer = await front.ask('/', streamed);
      expect(answer.status).toBe(200);
      expect(answer.text).toMatch(
        /^(?:: ping\n\n)+data: \{"content":"Hel"\}\n\n(?:: ping\n\n)+data: \{"content":"lo"\}\n\ndata: \[DONE\]\n\n$/,
      );
    });
  });
}
