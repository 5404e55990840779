import { faultModelId } from '@bedrock-proxy/testing/emulator';
import { describe, expect, it } from 'vitest';
import { expectHonest } from './expect-honest.ts';
import { startFaultBench } from './fault-bench.ts';
import { type FrontName, frontNames, isStreaming } from './fault-fronts.ts';
import { playedAnswer, wireOffset } from './played-answer.ts';

const claude = 'anthropic.claude-sonnet-4-6';
const stallAt = (position: 'first-frame' | 'middle') =>
  ({ atByte: wireOffset(playedAnswer, playedAnswer.framesBefore[position]), action: 'stall' }) as const;

describe.each(frontNames)('behind %s', (front: FrontName) => {
  it('a refused connection is unavailable, and forgotten once it is accepted again', async () => {
    await using bench = await startFaultBench([front]);
    await bench.proxy.refuse();
    const exchange = await bench.request(front, claude);
    await expectHonest(exchange, { position: 'call', terminal: 'upstream_unavailable', status: 503 }, front, '');
    await bench.proxy.accept();
    expect((await bench.request(front, claude)).outcome.terminals).toEqual(['done']);
  });

  it('a host without a name is unavailable', async () => {
    await using bench = await startFaultBench([front], {}, 'http://bedrock.invalid');
    const exchange = await bench.request(front, claude);
    expect(exchange.outcome.body).not.toContain('bedrock.invalid');
    // A resolver that does not answer at all ends in the limit of the first event.
    const [code = ''] = exchange.outcome.terminals;
    expect(['upstream_unavailable', 'upstream_timeout']).toContain(code);
    const status = code === 'upstream_unavailable' ? 503 : 504;
    await expectHonest(exchange, { position: 'call', terminal: code, status }, front, '');
  });

  it.each([
    ['first-frame', 900],
    ['middle', 500],
  ] as const)('a deadline that is near ends a stall in the %s', async (position, deadlineMs) => {
    const patient = { FIRST_EVENT_TIMEOUT_MS: '5000', IDLE_TIMEOUT_MS: '5000' };
    await using bench = await startFaultBench([front], patient);
    await bench.request(front, claude);
    const began = performance.now();
    const exchange = await bench.request(front, claude, { strike: stallAt(position), deadlineMs });
    expect(exchange.outcome.endedAt - began).toBeLessThan(deadlineMs);
    const expected = { position, terminal: 'deadline_exceeded', status: 504 } as const;
    await expectHonest(exchange, expected, front, playedAnswer.text);
    expect((await bench.request(front, claude)).outcome.terminals).toEqual(['done']);
    expect(bench.sandbox(front).coldStarts).toBe(1);
  });

  it('what fails before the answer is sent again, and counted; what fails in it is not', async () => {
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

  it('no retry outlives the deadline', async () => {
    await using bench = await startFaultBench([front], { BEDROCK_MAX_ATTEMPTS: '9', FIRST_EVENT_TIMEOUT_MS: '9000' });
    await bench.request(front, claude);
    const exchange = await bench.request(front, faultModelId('http-429'), { deadlineMs: 700 });
    expect(exchange.outcome.terminals).toEqual(['deadline_exceeded']);
    const sent = bench.emulator.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(bench.emulator.requests).toHaveLength(sent);
  });
});

describe.each(frontNames.filter((front) => !isStreaming(front)))('behind %s', (front) => {
  it('the limit of the gateway holds where it is the nearer one', async () => {
    const patient = { FIRST_EVENT_TIMEOUT_MS: '5000', IDLE_TIMEOUT_MS: '5000', GATEWAY_TIMEOUT_MS: '600' };
    await using bench = await startFaultBench([front], patient);
    const began = performance.now();
    const exchange = await bench.request(front, claude, { strike: stallAt('middle'), deadlineMs: 20_000 });
    expect(exchange.outcome.endedAt - began).toBeLessThan(600);
    const expected = { position: 'middle', terminal: 'deadline_exceeded', status: 504 } as const;
    await expectHonest(exchange, expected, front, playedAnswer.text);
  });
});
