import type { Admission } from '../access/access-policy.js';
import type { LogCode } from '../errors/error-codes.js';
import { type ProxyError, toProxyError } from '../errors/proxy-error.js';
import type { Usage } from '../models/model-event.js';
import type { CallMeta } from '../ports/model-invoker.js';
import { ReaderGone } from '../stream/call-watch.js';
import type { EventBatch } from '../stream/open-stream.js';

/** What came of one request. Never a prompt, an answer or a header. */
export interface RequestRecord extends Usage {
  readonly requestId: string;
  /** Who was admitted; null where nobody was. */
  readonly principal: string | null;
  readonly sourceIp: string | null;
  readonly front: string;
  readonly modelId?: string;
  readonly stream?: boolean;
  /** The HTTP status that went over the wire; a stream that fails after its head keeps 200. */
  readonly status: number;
  readonly code?: LogCode;
  /** How a request for a stream ended; `none` for any other request, and where the reader left first. */
  readonly terminal: 'done' | 'error' | 'none';
  readonly durationMs: number;
  /** From the request to the first piece of text. */
  readonly firstTextMs?: number;
  /** The model's own word. */
  readonly stopReason?: string;
  /** Requests sent to the model, retries included; 0 where none was. */
  readonly attempts: number;
  readonly upstreamRequestId?: string;
  readonly bytesOut: number;
}

/** What a model call reports of itself, as far as it is known at the time of reading. */
export interface CallReport {
  readonly meta: CallMeta;
  readonly usage: Usage;
  readonly nativeStopReason?: string | undefined;
}

/** The account of a request while it is open: filled in as things become known, so that it is right on every way out. */
export interface RequestAccount {
  readonly startedAt: number;
  readonly record: { -readonly [Field in keyof RequestRecord]: RequestRecord[Field] };
  /** The call, once one was made; read at the end. */
  call?: CallReport;
  /** What the request failed of, with its cause, for the log. */
  failure?: ProxyError;
  /** What the admitting policy wants to be told at the end. */
  settle?: Admission['settle'];
}

/** Opens the account of a request that arrived just now. */
export function openAccount(request: { requestId: string; front: string; sourceIp?: string }): RequestAccount {
  return {
    startedAt: performance.now(),
    record: {
      requestId: request.requestId,
      principal: null,
      sourceIp: request.sourceIp ?? null,
      front: request.front,
      status: 0,
      terminal: 'none',
      durationMs: 0,
      attempts: 0,
      bytesOut: 0,
    },
  };
}

/** Notes when the first text came. */
export function noteBatch({ record, startedAt }: RequestAccount, batch: EventBatch): void {
  if (record.firstTextMs !== undefined) return;
  if (batch.events.some(({ type }) => type === 'text-delta')) record.firstTextMs = millisecondsSince(startedAt);
}

/** Notes why a request failed. Gives the error that its client is told of; undefined where nobody is left to be told. */
export function noteFailure(account: RequestAccount, cause: unknown): ProxyError | undefined {
  if (cause instanceof ReaderGone) {
    account.record.code = cause.code;
    return undefined;
  }
  const error = toProxyError(cause);
  account.record.code = error.code;
  account.failure = error;
  return error;
}

/** The record as it stands now, with what the call reports of itself. */
export function finalRecord({ record, startedAt, call }: RequestAccount): RequestRecord {
  return {
    ...record,
    durationMs: millisecondsSince(startedAt),
    ...(call && {
      ...knownCounters(call.usage),
      attempts: call.meta.attempts,
      ...(call.meta.upstreamRequestId !== undefined && { upstreamRequestId: call.meta.upstreamRequestId }),
      ...(call.nativeStopReason !== undefined && { stopReason: call.nativeStopReason }),
    }),
  };
}

/** An invoker of someone else's making may report more than was asked for. */
function knownCounters({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage): Usage {
  return {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(cacheReadTokens !== undefined && { cacheReadTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
  };
}

function millisecondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 10) / 10;
}
