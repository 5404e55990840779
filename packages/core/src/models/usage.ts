import { countAt, isJsonObject } from './json-object.js';
import type { Usage } from './model-event.js';

/** The counters of a native usage object, by the key that each has there. */
export type UsageKeys = Readonly<Partial<Record<keyof Usage, string>>>;

/** Counters as they were looked for: those that were not found are undefined. */
export type FoundCounters = { readonly [Counter in keyof Usage]: number | undefined };

const counters = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;

/** The counters that were found; undefined where none was. */
export function usageOf(found: FoundCounters): Usage | undefined {
  let usage: { -readonly [Counter in keyof Usage]: number } | undefined;
  for (const counter of counters) {
    const count = found[counter];
    if (count === undefined) continue;
    usage ??= {};
    usage[counter] = count;
  }
  return usage;
}

/** Reads the counters that `keys` names; undefined where none is there. */
export function readUsage(holder: unknown, keys: UsageKeys): Usage | undefined {
  if (!isJsonObject(holder)) return undefined;
  const count = (key: string | undefined) => (key === undefined ? undefined : countAt(holder, key));
  return usageOf({
    inputTokens: count(keys.inputTokens),
    outputTokens: count(keys.outputTokens),
    cacheReadTokens: count(keys.cacheReadTokens),
    cacheWriteTokens: count(keys.cacheWriteTokens),
  });
}
