import type { AccessDecision, CallOutcome, Denial, Reservation, Settle } from '../access/access-policy.js';
import type { LogCode } from '../errors/error-kinds.js';
import { type ProxyError, type Rate, toProxyError } from '../errors/proxy-error.js';
import { usageOf } from '../models/chunk-reading.js';
import type { CallNotes } from '../ports/call-notes.js';
import type { CallSpan } from '../ports/call-tracer.js';
import type { FailedAttempt, ModelOperation } from '../ports/model-invoker.js';
import { ReaderGone } from '../stream/call-watch.js';
import type { CallReport, EventBatch } from '../stream/open-stream.js';
import type { CallToTrace } from '../stream/trace-call.js';
import { type Ending, type Observers, reportObserver, settle, tellObservers } from './observers.js';
import type { RequestRecord } from './request-record.js';

/** A request as far as it was understood. */
export interface AskedCall {
  readonly operation: ModelOperation;
  readonly modelId: string;
  readonly stream: boolean;
  readonly notes?: CallNotes;
}

/** How the writing of an answer ended. */
export interface AnswerEnding {
  /** The HTTP status of the answer. */
  readonly status: number;
  /** Bytes of body that were written. */
  readonly bytesOut: number;
  /** Whether the client was seen to leave before the end. */
  readonly clientLeft?: boolean;
  /** Whether the client gets the answer only after the account is closed: observers then have a limited time. */
  readonly clientWaits?: boolean;
}

/** The account of one request. It notes facts as they become known, so that the log line is right on every way out. */
export interface Account {
  readonly requestId: string;
  /** What is left of the limits per minute of the caller, once they were checked. */
  readonly rates: readonly Rate[] | undefined;
  /** The path was found to be a dialect's. */
  spoke(dialect: string): void;
  /** A policy decided. Its `settle` runs at the end, also if the decision comes after it. */
  admitted(decision: AccessDecision): void;
  /** The request was read. */
  asked(call: AskedCall): void;
  /** The model that was asked for stands for this id. */
  resolved(modelId: string): void;
  /** More is known for the log. */
  noted(notes: CallNotes | undefined): void;
  /** A limit decided about the call. */
  reserved(decision: Reservation | Denial): void;
  /** The model is about to be called, perhaps for a second time: one span covers both calls. */
  calling(call: CallToTrace): void;
  /** The model is called, perhaps for a second time. `report` is read at the end. */
  called(report: CallReport): void;
  /** A target failed, and others may be tried. */
  readonly attemptFailed: (attempt: FailedAttempt) => void;
  /** A batch of the answer came. */
  received(batch: EventBatch): void;
  /** The whole answer of a stream was handed to its writer. */
  done(): void;
  /** The request failed. Returns the error for its client; undefined if the client is gone. */
  failed(cause: unknown): ProxyError | undefined;
  /** The answer was written. Writes the log lines and tells the observers, once. Never rejects. */
  ended(ending: AnswerEnding): Promise<void>;
}

/** Opens the account of a request that arrived just now. */
export function openAccount(
  request: {
    readonly requestId: string;
    readonly front: string;
    readonly sourceIp?: string;
    /** The header of X-Ray. */
    readonly traceId?: string;
  },
  observers: Observers,
): Account {
  const { requestId, front, sourceIp = null } = request;
  const traceId = request.traceId && rootOf(request.traceId);
  const startedAt = performance.now();
  const record: { -readonly [Field in keyof RequestRecord]: RequestRecord[Field] } = {
    ...{ requestId, principal: null, sourceIp, front },
    ...{ status: 0, terminal: 'none', durationMs: 0, attempts: 0, bytesOut: 0 },
    ...(traceId && { traceId }),
  };
  const settles: Settle[] = [];
  const failed = new Set<FailedAttempt>();
  let cost: Reservation['cost'];
  let report: CallReport | undefined;
  let earlierAttempts = 0;
  let earlierFailed = 0;
  let denial: Denial | undefined;
  let failure: ProxyError | undefined;
  let isOpen = true;
  let span: CallSpan | undefined;
  /** Errors of the tracer that are being logged. */
  const reports: Promise<void>[] = [];

  const callOutcome = (): CallOutcome => ({
    accepted: report !== undefined && (report.accepted || wasGivenUp(record, failure)),
    textLength: report?.textLength ?? 0,
    ...(report?.accepted && (record.terminal === 'done' || (!record.stream && !failure)) && { complete: true }),
    ...(report?.meta?.served && { served: report.meta.served }),
    ...(failed.size > 0 && { failed: [...failed] }),
  });

  const endingOf = (owed: readonly Settle[], clientWaits: boolean, outcome = callOutcome()) => ({
    ...{ record, settles: owed, usage: report?.usage ?? {}, outcome, failure, clientWaits },
    // A denial that comes after another failure is not the reason of that failure.
    reason: denial?.code === failure?.code ? denial?.reason : undefined,
  });

  /** A policy may throw, or return something else. */
  function costOf({ usage, outcome }: Pick<Ending, 'usage' | 'outcome'>): number | undefined {
    try {
      const costUsd: unknown = cost?.(usage, outcome);
      return typeof costUsd === 'number' && Number.isFinite(costUsd) ? costUsd : undefined;
    } catch (error) {
      reports.push(reportObserver(observers.logger, { requestId, observer: 'cost', error }));
      return undefined;
    }
  }

  function owe({ settle: late }: { readonly settle?: Settle }): void {
    if (!late) return;
    if (isOpen) settles.push(late);
    else void settle({ logger: observers.logger, observerTimeoutMs: 0 }, endingOf([late], false));
  }

  /** The number of requests is known from the answer only. Without one, at least one was sent. */
  function attemptsOf({ meta }: CallReport): number {
    if (meta) return meta.attempts;
    const sent = [...failed].slice(earlierFailed).reduce((sum, { attempts = 1 }) => sum + attempts, 0);
    // The target that a call waits for is among those that failed only if it took too long.
    return Math.max(record.code === 'upstream_timeout' ? sent : sent + 1, 1);
  }

  // An invoker may tell it at once, in the end, or twice: the set has it once.
  const attemptFailed = (attempt: FailedAttempt) => void failed.add(attempt);

  const account: { -readonly [Member in keyof Account]: Account[Member] } = {
    requestId,
    attemptFailed,
    rates: undefined,
    spoke(dialect) {
      record.dialect = dialect;
    },
    admitted(decision) {
      owe(decision);
      if (decision.allow === true) {
        record.principal = decision.principal;
        if (decision.team !== undefined) record.team = decision.team;
      } else denial = decision;
    },
    asked({ operation, modelId, stream, notes }) {
      record.operation = operation;
      record.modelId = modelId;
      record.stream = stream;
      Object.assign(record, notes);
    },
    resolved(modelId) {
      if (modelId !== record.modelId) record.servedModelId = modelId;
    },
    noted(notes) {
      Object.assign(record, notes);
    },
    reserved(decision) {
      owe(decision);
      account.rates = decision.rates;
      if (decision.allow === true) cost = decision.cost;
      else {
        denial = decision;
        if (decision.limit !== undefined) record.limit = decision.limit;
      }
    },
    calling(call) {
      const { tracing, logger } = observers;
      // A count is no use of the model.
      if (!tracing || span || call.call.operation === 'count-tokens') return;
      const onError = (error: unknown) =>
        void reports.push(reportObserver(logger, { requestId, observer: 'tracer', error }));
      span = tracing.traceCall(tracing.tracer, { ...call, requestId }, onError);
    },
    called(call) {
      if (report) earlierAttempts += attemptsOf(report);
      for (const attempt of report?.meta?.failed ?? []) attemptFailed(attempt);
      earlierFailed = failed.size;
      report = call;
    },
    received({ events, chunks }) {
      if (chunks.length > 0) span?.firstChunk();
      if (record.firstTextMs !== undefined) return;
      if (events.some(({ type }) => type === 'text-delta')) record.firstTextMs = millisecondsSince(startedAt);
    },
    done() {
      record.terminal = 'done';
    },
    failed(cause) {
      if (cause instanceof ReaderGone) {
        record.code = cause.code;
        return undefined;
      }
      failure = toProxyError(cause);
      record.code = failure.code;
      if (record.stream) record.terminal = 'error';
      return failure;
    },
    async ended({ status, bytesOut, clientLeft = false, clientWaits = false }) {
      if (!isOpen) return;
      isOpen = false;
      record.status = status;
      record.bytesOut = bytesOut;
      record.durationMs = millisecondsSince(startedAt);
      if (clientLeft && record.terminal === 'none') record.code ??= 'client_closed';
      for (const attempt of report?.meta?.failed ?? []) attemptFailed(attempt);
      if (report) Object.assign(record, factsOf(report), { attempts: earlierAttempts + attemptsOf(report) });
      if (failed.size > 0) record.fallbacks = failed.size;
      const served = report?.meta?.served;
      if (served?.region !== undefined) record.servedRegion = served.region;
      if (record.servedModelId !== undefined) record.servedModelId = served?.modelId ?? record.servedModelId;
      if (span && report) {
        span.end({ ...observers.tracing?.outcomeOf(report, record.code), attempts: record.attempts });
      }
      const ending = endingOf(settles, clientWaits);
      const costUsd = costOf(ending);
      if (costUsd) record.costUsd = costUsd;
      if (reports.length > 0) await Promise.all(reports);
      const told = tellObservers(observers, ending);
      // Nearly always nobody takes time.
      if (told) await told;
    },
  };
  return account;
}

/** The id of a trace in the header of X-Ray. */
function rootOf(header: string): string | undefined {
  return /(?:^|;)\s*Root=([\w-]{1,64})\s*(?:;|$)/.exec(header)?.[1];
}

/** Whether a call was given up while its answer was awaited: the model may have worked all the same. */
function wasGivenUp({ code }: Pick<RequestRecord, 'code'>, failure: ProxyError | undefined): boolean {
  if (failure?.upstream) return false;
  return code !== undefined && givenUp.has(code);
}

const givenUp: ReadonlySet<LogCode> = new Set([
  ...(['client_closed', 'client_stalled', 'deadline_exceeded'] as const),
  ...(['upstream_timeout', 'upstream_truncated'] as const),
]);

function factsOf({ meta, usage, nativeStopReason, guardrailAction }: CallReport): Partial<RequestRecord> {
  // Converse reports it as the stop reason alone.
  const action = nativeStopReason === 'guardrail_intervened' ? 'INTERVENED' : guardrailAction;
  const serviceTier = meta?.headers?.['x-amzn-bedrock-service-tier'];
  return {
    // The counters alone: an invoker of someone else's may report more.
    ...usageOf(usage),
    ...(action !== undefined && { guardrailAction: action }),
    ...(serviceTier !== undefined && { serviceTier }),
    ...(meta?.upstreamRequestId !== undefined && { upstreamRequestId: meta.upstreamRequestId }),
    ...(nativeStopReason !== undefined && { stopReason: nativeStopReason }),
  };
}

function millisecondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 10) / 10;
}
