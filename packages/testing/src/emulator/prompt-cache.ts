import { createHash } from 'node:crypto';
import { countTokens } from './compose-answer.js';

/** The tokens that a call read from the cache and wrote to it. */
export interface CacheUse {
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

/** The prompts of an emulator up to their cache points, for each model. They never expire. */
export class PromptCache {
  readonly #seen = new Set<string>();

  /**
   * Reads the prompt up to its last known cache point, and writes the part from there to its last cache point.
   * `prefixes` are the prompt up to each of its cache points. Undefined for a prompt without cache points.
   */
  use(modelId: string, prefixes: readonly string[]): CacheUse | undefined {
    const whole = prefixes.at(-1);
    if (whole === undefined) return undefined;
    const keys = prefixes.map((prefix) =>
      createHash('sha256').update(modelId).update('\0').update(prefix).digest('hex'),
    );
    const known = prefixes.findLast((_, index) => this.#seen.has(keys[index] ?? ''));
    for (const key of keys) this.#seen.add(key);
    const cacheReadTokens = known === undefined ? 0 : countTokens(known);
    return { cacheReadTokens, cacheWriteTokens: countTokens(whole) - cacheReadTokens };
  }
}

/** A mark among the parts of a prompt. The parts before it are cached. */
export const cachePoint = Symbol('cache point');

/** A part of a prompt. The model reads tools, system prompt and messages in this order. */
export type PromptPart = string | typeof cachePoint;

/** Counts the tokens of a prompt, and returns the prompt up to each of its cache points. */
export function measurePrompt(parts: readonly PromptPart[]): {
  inputTokens: number;
  cachedPrefixes: readonly string[];
} {
  let text = '';
  const cachedPrefixes: string[] = [];
  for (const part of parts) {
    if (part === cachePoint) cachedPrefixes.push(text);
    else text += part;
  }
  return { inputTokens: countTokens(text), cachedPrefixes };
}
