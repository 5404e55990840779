import type { LimitStore } from '../ports/limit-store.js';
import { counterOf, holds } from './holds.js';

/** A store in the memory of this process, for tests and for deployments of one process. */
export function memoryLimitStore(): LimitStore {
  const items = new Map<string, { readonly counters: Readonly<Record<string, number>>; readonly expiresAt: number }>();

  function forgetExpired(): void {
    const now = Date.now() / 1_000;
    for (const [key, { expiresAt }] of items) if (expiresAt <= now) items.delete(key);
  }

  return {
    async update(key, { add, remove = [], when, expiresAt }, signal) {
      signal.throwIfAborted();
      const counters = items.get(key)?.counters ?? {};
      if (!holds(when, counters)) return { applied: false, counters };
      if (!items.has(key)) forgetExpired();
      const kept = Object.entries(counters).filter(([name]) => !remove.includes(name));
      const added = Object.entries(add).map(([name, count]) => [name, counterOf(counters, name) + count] as const);
      const after = Object.fromEntries([...kept, ...added]);
      items.set(key, { counters: after, expiresAt });
      return { applied: true, counters: after };
    },
  };
}
