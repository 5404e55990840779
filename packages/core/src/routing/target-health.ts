import { type ErrorCode, errorKind } from '../errors/error-kinds.js';
import type { ProxyError } from '../errors/proxy-error.js';
import type { ModelTarget } from '../ports/model-invoker.js';

/** What this process knows of its targets. A target that failed cools down: others are tried before it, and it is never left out. */
export interface TargetHealth {
  /** The targets in their order, those that cool down last, soonest ready first. */
  inOrder(targets: readonly ModelTarget[]): readonly ModelTarget[];
  succeeded(target: ModelTarget): void;
  failed(target: ModelTarget, error: ProxyError): void;
}

interface Record {
  /** When the target has cooled down, on the clock of `now`. */
  readyAt: number;
  /** Failures of each kind since the last success. */
  throttles: number;
  faults: number;
}

/** `now` gives milliseconds that only grow. */
export function targetHealth(now: () => number): TargetHealth {
  const records = new Map<string, Record>();
  return {
    inOrder(targets) {
      const at = now();
      const readyAt = (target: ModelTarget) => Math.max((records.get(keyOf(target))?.readyAt ?? at) - at, 0);
      return targets.toSorted((one, other) => readyAt(one) - readyAt(other));
    },
    succeeded(target) {
      records.delete(keyOf(target));
    },
    failed(target, error) {
      const record = records.get(keyOf(target)) ?? { readyAt: 0, throttles: 0, faults: 0 };
      records.set(keyOf(target), record);
      // A later failure never shortens what an earlier one asked for.
      record.readyAt = Math.max(record.readyAt, now() + cooldownMs(record, error));
    },
  };
}

/** Counts a failure, and returns how long the target cools down for it. */
function cooldownMs(record: Record, { code, retryAfterSeconds }: ProxyError): number {
  switch (code) {
    case 'throttled':
      record.throttles++;
      // The value of the code itself was named by nobody.
      return retryAfterSeconds !== undefined && retryAfterSeconds !== errorKind(code).retryAfterSeconds
        ? retryAfterSeconds * 1_000
        : Math.min(2_000 * 2 ** (record.throttles - 1), 30_000);
    case 'quota_exceeded':
    case 'model_not_ready':
      return (retryAfterSeconds ?? 0) * 1_000;
    case 'upstream_denied':
    case 'model_not_found':
      return 60_000;
    default:
      // One fault alone may concern one request.
      record.faults++;
      return record.faults < 2 ? 0 : Math.min(10_000 * 2 ** (record.faults - 2), 60_000);
  }
}

function keyOf({ roleArn, region, model }: ModelTarget): string {
  return JSON.stringify([roleArn, region, model]);
}

/** Failures after which another target may answer. */
const passing: ReadonlySet<ErrorCode> = new Set([
  ...(['throttled', 'quota_exceeded', 'model_not_ready', 'upstream_unavailable'] as const),
  ...(['upstream_error', 'upstream_timeout', 'upstream_truncated', 'upstream_denied', 'model_not_found'] as const),
]);

/** Whether another target may answer after this failure. All others concern the request itself, or are the proxy's own. */
export function mayAnswerElsewhere({ code }: Pick<ProxyError, 'code'>): boolean {
  return passing.has(code);
}
