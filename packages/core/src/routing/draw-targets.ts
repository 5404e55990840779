import { createHash } from 'node:crypto';
import type { ModelTarget } from '../ports/model-invoker.js';
import type { ModelAlias } from './model-alias.js';

/** Draws the target that is tried first, by weight; the rest follow in their order. `random` gives numbers from 0 to 1, without 1. */
export function drawTargets(
  targets: readonly [ModelTarget, ...ModelTarget[]],
  spread: ModelAlias['spread'],
  principal: string,
  random: () => number = Math.random,
): readonly [ModelTarget, ...ModelTarget[]] {
  const score = spread === 'caller' ? (target: ModelTarget) => scoreOf(target, principal) : random;
  const draws = targets.map((target) => drawOf(score(target), target.weight));
  const index = draws.indexOf(Math.max(...draws));
  return [targets[index] ?? targets[0], ...targets.toSpliced(index, 1)];
}

/**
 * Of several numbers that are drawn evenly, this one is the largest in proportion to its weight. A target that is added or removed
 * moves no caller between the others.
 */
function drawOf(score: number, weight = 1): number {
  return Math.log(score) / weight;
}

/** A number from 0 to 1 that is the same for each call of the caller. */
function scoreOf({ roleArn, region, model }: ModelTarget, principal: string): number {
  const hash = createHash('sha256')
    .update(JSON.stringify([principal, roleArn, region, model]))
    .digest();
  return (hash.readUIntBE(0, 6) + 1) / 2 ** 48;
}
