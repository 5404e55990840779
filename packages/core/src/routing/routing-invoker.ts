import { isProxyError, ProxyError, toProxyError } from '../errors/proxy-error.js';
import { mergeUsage } from '../models/chunk-reading.js';
import type {
  CallMeta,
  FailedAttempt,
  ModelCall,
  ModelInvoker,
  ModelTarget,
  ServedBy,
  Usage,
} from '../ports/model-invoker.js';
import { createAnswerReader } from '../stream/answer-reader.js';
import { readToContent, resume } from './read-to-content.js';
import { mayAnswerElsewhere, targetHealth } from './target-health.js';

export interface RoutingInvokerOptions {
  /** The invoker for the Region and the role of a target. It is kept for all targets with the same. */
  readonly invokerFor: (target: ModelTarget) => ModelInvoker;
  /** A clock in milliseconds, as `performance.now`, which is the default. */
  readonly now?: () => number;
}

/** No target is tried with less time to the deadline, in milliseconds. */
const leastMs = 2_000;

/**
 * An invoker that tries the targets of a call in turn, until one answers. It moves on after a failure that another target may not have,
 * and only before the first content of an answer: `stream` resolves then. Two attempts never run at once. A target that failed is tried
 * after the others for a while. If all fail, it rejects with the first retryable error, or else with the first error.
 */
export function routingInvoker({ invokerFor, now = () => performance.now() }: RoutingInvokerOptions): ModelInvoker {
  const invokers = new Map<string, ModelInvoker>();
  const health = targetHealth(now);

  function invokerOf(target: ModelTarget): ModelInvoker {
    const key = JSON.stringify([target.region, target.roleArn, target.externalId]);
    const invoker = invokers.get(key) ?? invokerFor(target);
    invokers.set(key, invoker);
    return invoker;
  }

  async function tryInTurn<Answer extends { readonly meta: CallMeta }>(
    call: ModelCall,
    targets: readonly ModelTarget[],
    ask: Ask<Answer>,
  ): Promise<Answer> {
    const { deadlineAt = Infinity, signal } = call;
    const failures: ProxyError[] = [];
    const failed: FailedAttempt[] = [];
    const ordered = health.inOrder(targets);
    let sent = 0;
    for (const [index, target] of ordered.entries()) {
      if (index > 0 && deadlineAt - now() < leastMs) break;
      const attempt = beginAttempt(call, target, index === ordered.length - 1);
      const began = now();
      const fail = (error: ProxyError) => {
        const { attempts = 1, upstreamRequestId, usage } = attempt.report(error);
        const note: FailedAttempt = {
          ...servedBy(target),
          code: error.code,
          durationMs: Math.round((now() - began) * 10) / 10,
          attempts,
          ...(usage && { usage }),
          ...(upstreamRequestId !== undefined && { upstreamRequestId }),
        };
        // A count says nothing about answers: some models refuse to count alone.
        if (call.operation !== 'count-tokens') health.failed(target, error);
        sent += attempts;
        failed.push(note);
        failures.push(error);
        call.onFailedAttempt?.(note);
      };
      const metaOf = (meta: CallMeta): CallMeta => ({
        ...meta,
        attempts: sent + meta.attempts,
        served: servedBy(target),
        ...(failed.length > 0 && { failed }),
      });
      try {
        const answer = await attempt.settles(ask(invokerOf(target), attempt.call, attempt.progress));
        health.succeeded(target);
        return { ...answer, meta: metaOf(answer.meta) };
      } catch (thrown) {
        if (signal.aborted) {
          const { reason } = signal;
          if (isProxyError(reason) && reason.code === 'upstream_timeout') fail(reason);
          throw reason;
        }
        const error = toProxyError(thrown);
        attempt.giveUp(error);
        if (!mayAnswerElsewhere(error)) throw copyOf(error, { meta: metaOf({ attempts: 1, ...error.meta }) });
        fail(error);
      }
    }
    throw joinFailures(failures, { attempts: sent, failed });
  }

  return {
    async invoke(call) {
      const { targets = [] } = call;
      if (targets.length === 0) return invokerOf({ model: call.modelId }).invoke(call);
      return tryInTurn(call, targets, async (invoker, attempt) => invoker.invoke(attempt));
    },
    async stream(call) {
      const { targets = [] } = call;
      if (targets.length === 0) return invokerOf({ model: call.modelId }).stream(call);
      return tryInTurn(call, targets, async (invoker, attempt, progress) => {
        const { contentType, meta, batches } = await invoker.stream(attempt);
        const reader = createAnswerReader();
        progress.meta = meta;
        progress.reader = reader;
        const rest = batches[Symbol.asyncIterator]();
        const held = await readToContent(rest, reader, attempt.signal);
        return { contentType, meta, batches: resume(held, rest) };
      });
    },
  };
}

type Ask<Answer> = (invoker: ModelInvoker, call: ModelCall, progress: Progress) => Promise<Answer>;

/** What is known of an attempt that has not answered yet. */
interface Progress {
  meta?: CallMeta;
  reader?: { readonly usage: Usage };
}

/** One call of one target, with an abort of its own. */
interface Attempt {
  readonly call: ModelCall;
  readonly progress: Progress;
  /** Settles as `work` does, or rejects when the attempt or the whole call is given up. */
  settles<Value>(work: Promise<Value>): Promise<Value>;
  /** Aborts the attempt, down to the socket. */
  giveUp(reason: ProxyError): void;
  /** What the attempt reported before it failed. */
  report(error: ProxyError): { readonly usage?: Usage } & Partial<CallMeta>;
}

function beginAttempt(call: ModelCall, target: ModelTarget, isLast: boolean): Attempt {
  const { targets: _, onFailedAttempt: _told, options: _first, firstEventTimeoutMs = Infinity, ...rest } = call;
  const abort = new AbortController();
  const signal = AbortSignal.any([call.signal, abort.signal]);
  const progress: Progress = {};
  return {
    progress,
    call: {
      ...rest,
      signal,
      modelId: target.model,
      ...(target.options && { options: target.options }),
      // A throttle moves on to the next target, in place of a pause.
      ...(!isLast && { maxAttempts: 1 }),
    },
    async settles(work) {
      const timer = isLast ? undefined : startTimer(firstEventTimeoutMs, (reason) => abort.abort(reason));
      try {
        return await unlessAborted(work, signal);
      } finally {
        clearTimeout(timer);
      }
    },
    giveUp: (reason) => abort.abort(reason),
    report(error) {
      const meta = { ...progress.meta, ...error.meta };
      const usage = mergeUsage(meta.reportedTokens ?? {}, progress.reader?.usage ?? {});
      return { ...meta, ...(Object.keys(usage).length > 0 && { usage }) };
    },
  };
}

function startTimer(ms: number, onTimeout: (reason: ProxyError) => void): ReturnType<typeof setTimeout> | undefined {
  if (ms === Infinity) return undefined;
  const timeout = () =>
    onTimeout(new ProxyError('upstream_timeout', { cause: new Error(`no answer within ${ms} ms`) }));
  // A longer delay would overflow setTimeout and fire at once.
  return setTimeout(timeout, Math.min(ms, 2 ** 31 - 1));
}

function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) onAbort();
  });
}

function servedBy({ model, region }: ModelTarget): ServedBy {
  return { modelId: model, ...(region !== undefined && { region }) };
}

/** The error for a call that no target answered. The client waits no longer than the first of them wants. */
function joinFailures(failures: readonly ProxyError[], meta: CallMeta): ProxyError {
  const told = failures.find(({ retryable }) => retryable) ?? failures[0] ?? new ProxyError('internal');
  const waits = failures.flatMap(({ retryAfterSeconds }) => retryAfterSeconds ?? []);
  return copyOf(told, { meta, ...(waits.length > 0 && { retryAfterSeconds: Math.min(...waits) }) });
}

function copyOf(
  { code, message, cause, issues, retryAfterSeconds, upstream }: ProxyError,
  changes: { readonly meta: CallMeta; readonly retryAfterSeconds?: number },
): ProxyError {
  return new ProxyError(code, {
    message,
    cause,
    ...(issues && { issues }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(upstream && { upstream }),
    ...changes,
  });
}
