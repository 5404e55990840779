import { expect } from 'vitest';
import { closedAfter, type FaultBench } from './fault-bench.ts';
import { type FaultCase, faultCases } from './fault-cases.ts';
import { playedAnswer } from './played-answer.ts';
import { type FrontName, frontNames } from './start-front.ts';

const claude = 'anthropic.claude-sonnet-4-6';
/**
 * An id of which no maker is known, so that it may stand beside any other. Each front has ids of its own: two fronts share a process, which
 * tries a target last after it failed.
 */
const arnOf = (id: string, front: FrontName) =>
  `arn:aws:bedrock:us-east-1:12345678901${frontNames.indexOf(front)}:application-inference-profile/${id}`;

/** A fault of the first of two targets. */
export interface ChainCase extends FaultCase {
  readonly alias: string;
  /** Whether the second target answers. */
  readonly moves: boolean;
}

/** Failures that concern the request, and not the target. */
const ofRequest = ['upstream_validation'];

/** Every fault at every position, as that of the first target. The second one is well. */
export const chainCases: readonly ChainCase[] = faultCases.map((faultCase, index) => {
  const { position, terminal, strike } = faultCase;
  const isEarly = position === 'call' || position === 'first-frame' || position === 'before-text';
  const moves = isEarly && terminal !== 'done' && !ofRequest.includes(terminal);
  return { ...faultCase, alias: strike ? 'struck' : `case-${index}`, moves };
});

const settings = { firstEventTimeoutMs: 1_000 };

/** The variables that make each case an alias. */
export const chainEnvironment = {
  FIRST_EVENT_TIMEOUT_MS: '10000',
  MODEL_ALIASES: JSON.stringify({
    // The proxy between the bundle and Bedrock breaks the next answer, whichever target gives it.
    struck: {
      targets: [
        { model: claude, region: 'us-east-1' },
        { model: claude, region: 'eu-west-1' },
      ],
      ...settings,
    },
    ...Object.fromEntries(
      frontNames.flatMap((front) =>
        chainCases
          .filter(({ strike }) => !strike)
          .map(({ alias, modelId }) => [
            `${front}-${alias}`,
            { targets: [{ model: arnOf(modelId, front) }, { model: claude, region: 'eu-west-1' }], ...settings },
          ]),
      ),
    ),
  }),
};

/** Asks a chain, and checks the answer, the log line and the calls of Bedrock. */
export async function expectHonestChain(bench: FaultBench, front: FrontName, chainCase: ChainCase): Promise<void> {
  const { alias, strike, moves, terminal, position } = chainCase;
  const { outcome, lines, upstream } = await bench.request(
    front,
    strike ? alias : `${front}-${alias}`,
    strike && { strike },
  );
  const first = strike ? playedAnswer.text : bench.emulatedText;
  expect(outcome.terminals).toEqual([moves ? 'done' : terminal]);
  if (moves) {
    // All of the second answer, and no byte of the first.
    expect(outcome.text).toBe(playedAnswer.text);
    expect(outcome.status).toBe(200);
    expect(lines[0]).toMatchObject({ terminal: 'done', fallbacks: 1 });
    expect(lines[0]?.attempts).toBeGreaterThanOrEqual(2);
  } else {
    expect(first.startsWith(outcome.text)).toBe(true);
    if (position === 'after-end' || terminal === 'done') expect(outcome.text).toBe(first);
    expect(lines[0]).not.toHaveProperty('fallbacks');
    expect(lines[0]?.code).toBe(terminal === 'done' ? undefined : terminal);
  }
  expect(lines).toHaveLength(1);
  expect(outcome.text).not.toContain('\ufffd');
  for (const request of upstream) expect(await closedAfter(request, outcome.endedAt)).toBeLessThan(250);
}
