import { vi } from 'vitest';
import type { Admission, CallOutcome, Denial, Reservation } from '../access/access-policy.js';
import type { CounterUpdate, LimitStore } from '../ports/limit-store.js';
import type { ModelTarget, Usage } from '../ports/model-invoker.js';
import { type LimitedOptions, limited } from './limited.js';
import { memoryLimitStore } from './memory-limit-store.js';

/** A call, as a test describes it. */
export interface SceneCall {
  readonly caller?: Partial<Admission>;
  readonly model?: string;
  readonly targets?: readonly ModelTarget[];
  /** One body of this JSON, or these. */
  readonly body?: object;
  readonly bodies?: readonly object[];
  readonly remainingMs?: number;
  readonly signal?: AbortSignal;
}

/** A whole answer with these counts. */
export const answered = (outputTokens: number, inputTokens = 10): readonly [Usage, CallOutcome] => [
  { inputTokens, outputTokens },
  { accepted: true, complete: true, textLength: 0 },
];

/** A policy with limits, over a store in memory that records its updates. */
export function limitsScene(options: Partial<LimitedOptions> = {}) {
  const memory = memoryLimitStore();
  const updates: (CounterUpdate & { readonly key: string })[] = [];
  const store: LimitStore = {
    update(key, update, signal) {
      updates.push({ key, ...update });
      return (options.store ?? memory).update(key, update, signal);
    },
  };
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  let caller: Partial<Admission> = {};
  const policy = limited(() => ({ allow: true, principal: 'me', ...caller }), { logger, ...options, store });

  async function admit(request: Partial<Admission> = {}): Promise<Admission> {
    caller = request;
    const decision = await policy({ requestId: 'r-1' });
    if (!decision.allow) throw new Error('The scene admits everyone.');
    return decision;
  }

  /** Reserves a call; undefined if no limit asks about it. */
  async function tryReserve({
    caller: who,
    model = 'a.model',
    ...call
  }: SceneCall): Promise<Reservation | Denial | undefined> {
    const { reserve } = await admit(who);
    const {
      targets = [{ model }],
      body = {},
      bodies = [body],
      remainingMs,
      signal = new AbortController().signal,
    } = call;
    return await reserve?.({
      ...{ targets, signal, bodies: bodies.map((json) => Buffer.from(JSON.stringify(json))) },
      ...(remainingMs !== undefined && { remainingMs }),
    });
  }

  return {
    admit,
    logger,
    updates,
    tryReserve,
    /** Reserves a call that must be admitted. */
    async reserve(call: SceneCall = {}): Promise<Reservation> {
      const reservation = await tryReserve(call);
      if (!reservation?.allow) throw new Error(`refused: ${JSON.stringify(reservation)}`);
      return reservation;
    },
    /** Reserves a call that must be refused. */
    async refuse(call: SceneCall = {}): Promise<Denial> {
      const denial = await tryReserve(call);
      if (!denial || denial.allow) throw new Error('admitted');
      return denial;
    },
    /** The counters of a key. */
    async counters(key: string): Promise<Readonly<Record<string, number>>> {
      const result = await memory.update(key, { add: {}, expiresAt: Date.now() }, new AbortController().signal);
      return Object.fromEntries(Object.entries(result.counters ?? {}).filter(([, count]) => count !== 0));
    },
  };
}
