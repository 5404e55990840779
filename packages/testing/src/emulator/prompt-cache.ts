import { createHash } from 'node:crypto';
import { countTokens } from './compose-answer.js';

/** The tokens that a call took from the cache, and those that it put there. */
export interface CacheUse {
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

/** Remembers the prompts of an emulator up to their cache points, each for the model that was asked. They never expire. */
export class PromptCache {
  readonly #seen = new Set<string>();

  /**
   * Of the prompt up to its last cache point, the part up to the last point that is known is read, and the rest is written.
   * `prefixes` is the prompt up to each of its cache points. Nothing is told of a prompt without them.
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

/** Stands among the parts of a prompt: the parts before it are to be cached. */
export const cachePoint = Symbol('cache point');

/** A piece of a prompt, in the order in which the model reads it: tools, system, messages. */
export type PromptPart = string | typeof cachePoint;

/** The tokens of a prompt, and the prompt up to each of its cache points. */
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
