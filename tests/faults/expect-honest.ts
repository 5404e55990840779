import { expect } from 'vitest';
import { closedAfter, type Exchange } from './fault-bench.ts';
import type { FaultCase } from './fault-cases.ts';
import { isStreaming, type MatrixFront } from './start-front.ts';

/** Checks the answer, the log line and the call of Bedrock after any fault. */
export async function expectHonest(
  { outcome, lines, upstream }: Exchange,
  { position, terminal, status }: Pick<FaultCase, 'position' | 'terminal' | 'status'>,
  front: MatrixFront,
  whole: string,
): Promise<void> {
  expect(outcome.terminals).toEqual([terminal]);
  expect(whole.startsWith(outcome.text)).toBe(true);
  expect(outcome.text).not.toContain('\ufffd');
  if (terminal === 'done') expect(outcome.text).toBe(whole);

  const isHeadOut = isStreaming(front) && !outcome.isPlainError;
  expect(outcome.status).toBe(isHeadOut ? 200 : status);
  // Before the first event, the head is sent only together with a ping.
  if (position === 'first-frame' && isHeadOut && terminal !== 'done') expect(outcome.body).toMatch(/^: ping\n\n/);
  if (position === 'middle' && terminal !== 'done') expect(outcome.text.length).toBeGreaterThan(0);
  if (position === 'before-text' && terminal !== 'done') expect(outcome.text).toBe('');
  if (position === 'after-end') expect(outcome.text).toBe(whole);
  expect(outcome.headers['x-request-id']).toBe(lines[0]?.requestId);

  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ terminal: terminal === 'done' ? 'done' : 'error', status: outcome.status });
  expect(lines[0]?.code).toBe(terminal === 'done' ? undefined : terminal);
  if (position === 'before-text' || position === 'middle') expect(lines[0]?.inputTokens).toBe(5);
  if (position === 'after-end') expect(lines[0]?.outputTokens).toBeGreaterThan(5);

  for (const request of upstream) expect(await closedAfter(request, outcome.endedAt)).toBeLessThan(250);
}
