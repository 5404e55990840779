import { countAt } from './json-object.js';
import type { Usage } from './model-event.js';

/** The counters of a native usage object, by the key that each has there. */
export type UsageKeys = Readonly<Partial<Record<keyof Usage, string>>>;

/** Reads the counters that `keys` names; undefined where none is there. */
export function readUsage(counters: unknown, keys: UsageKeys): Usage | undefined {
  const usage: { -readonly [Counter in keyof Usage]: number } = {};
  for (const counter of ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const) {
    const key = keys[counter];
    const count = key === undefined ? undefined : countAt(counters, key);
    if (count !== undefined) usage[counter] = count;
  }
  return Object.keys(usage).length === 0 ? undefined : usage;
}
