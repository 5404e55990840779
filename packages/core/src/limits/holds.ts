import type { Bound, CounterUpdate } from '../ports/limit-store.js';

/** Counters by name. One that is not there is 0. */
export type Counters = Readonly<Record<string, number>>;

/** Whether counters satisfy the condition of an update. */
export function holds(when: CounterUpdate['when'], counters: Counters): boolean {
  return (when ?? []).every((any) => any.some((all) => all.every((bound) => isWithin(bound, counters))));
}

function isWithin(bound: Bound, counters: Counters): boolean {
  const count = counterOf(counters, bound.counter);
  return 'atMost' in bound ? count <= bound.atMost : count >= bound.atLeast;
}

export function counterOf(counters: Counters, name: string): number {
  return Object.hasOwn(counters, name) ? (counters[name] ?? 0) : 0;
}
