import { faultModelId } from '@bedrock-proxy/testing/emulator';
import { describe, expect, it } from 'vitest';
import { expectHonest } from './expect-honest.ts';
import { startFaultBench } from './fault-bench.ts';
import { playedAnswer, wireOffset } from './played-answer.ts';
import { type FrontName, frontNames, isStreaming } from './start-front.ts';

const claude = 'anthropic.claude-sonnet-4-6';
const stallAt = (position: 'first-frame' | 'middle') =>
  ({ atByte: wireOffset(playedAnswer, playedAnswer.framesBefore[position]), action: 'stall' }) as const;

describe.each(frontNames)('the %s front', (front: FrontName) => {
  it('reports a refused connection as unavailable, and recovers when connections are accepted again', async () => {
    await using bench = await startFaultBench([front]);
    await bench.proxy.refuse();
    const exchange = await bench.request(front, claude);
    await expectHonest(exchange, { position: 'call', terminal: 'upstream_unavailable', status: 503 }, front, '');
    await bench.proxy.accept();
    expect((await bench.request(front, claude)).outcome.terminals).toEqual(['done']);
  });

  it('reports an unknown host as unavailable', async () => {
    await using bench = await startFaultBench([front], {}, 'http://bedrock.invalid');
    const exchange = await bench.request(front, claude);
    expect(exchange.outcome.body).not.toContain('bedrock.invalid');
    // If the resolver does not answer at all, the timeout of the first event ends the request.
    const [code = ''] = exchange.outcome.terminals;
    expect(['upstream_unavailable', 'upstream_timeout']).toContain(code);
    const status = code === 'upstream_unavailable' ? 503 : 504;
    await expectHonest(exchange, { position: 'call', terminal: code, status }, front, '');
  });

  it.each([
    ['first-frame', 900],
    ['middle', 500],
  ] as const)('ends a stall at the position %s before the deadline', async (position, deadlineMs) => {
    const longTimeouts = { FIRST_EVENT_TIMEOUT_MS: '5000', IDLE_TIMEOUT_MS: '5000' };
    await using bench = await startFaultBench([front], longTimeouts);
    await bench.request(front, claude);
    const began = performance.now();
    const exchange = await bench.request(front, claude, { strike: stallAt(position), deadlineMs });
    expect(exchange.outcome.endedAt - began).toBeLessThan(deadlineMs);
    const expected = { position, terminal: 'deadline_exceeded', status: 504 } as const;
    await expectHonest(exchange, expected, front, playedAnswer.text);
    expect((await bench.request(front, claude)).outcome.terminals).toEqual(['done']);
    expect(bench.sandbox(front).coldStarts).toBe(1);
  });

  it('retries and counts a failure before the answer, but not a failure within it', async () => {
    await using bench = await startFaultBench([front], { BEDROCK_MAX_ATTEMPTS: '2', FIRST_EVENT_TIMEOUT_MS: '5000' });
    const refused = await bench.request(front, faultModelId('http-503'));
    expect(refused.lines).toMatchObject([{ attempts: 2, code: 'upstream_unavailable' }]);
    expect(refused.upstream).toHaveLength(2);
    const reset = await bench.request(front, faultModelId('reset-before-head'));
    expect(reset.lines).toMatchObject([{ attempts: 2, code: 'upstream_unavailable' }]);
    const broken = await bench.request(front, faultModelId('connection-reset', 'first-frame'));
    expect(broken.lines).toMatchObject([{ attempts: 1, code: 'upstream_truncated' }]);
    expect(broken.upstream).toHaveLength(1);
  });

  it('begins no pause that may reach the deadline, and sends no retry after it', async () => {
    await using bench = await startFaultBench([front], { BEDROCK_MAX_ATTEMPTS: '9', FIRST_EVENT_TIMEOUT_MS: '9000' });
    await bench.request(front, claude);
    const exchange = await bench.request(front, faultModelId('http-429'), { deadlineMs: 700 });
    expect(exchange.outcome.terminals).toEqual(['throttled']);
    const sent = bench.emulator.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(bench.emulator.requests).toHaveLength(sent);
  });
});

describe.each(frontNames.filter((front) => !isStreaming(front)))('the buffered %s front', (front) => {
  it('ends a stall before the timeout of the gateway, if that is earlier than the deadline', async () => {
    const longTimeouts = { FIRST_EVENT_TIMEOUT_MS: '5000', IDLE_TIMEOUT_MS: '5000', GATEWAY_TIMEOUT_MS: '600' };
    await using bench = await startFaultBench([front], longTimeouts);
    const began = performance.now();
    const exchange = await bench.request(front, claude, { strike: stallAt('middle'), deadlineMs: 20_000 });
    expect(exchange.outcome.endedAt - began).toBeLessThan(600);
    const expected = { position: 'middle', terminal: 'deadline_exceeded', status: 504 } as const;
    await expectHonest(exchange, expected, front, playedAnswer.text);
  });
});
