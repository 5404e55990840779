import type { CallOutcome } from '../access/access-policy.js';
import { type DenialReason, reasonRanks } from '../access/denial-reason.js';
import { cleanMessage } from '../errors/clean-message.js';
import { describeCause, describeText } from '../errors/describe-cause.js';
import { errorKind } from '../errors/error-kinds.js';
import type { ProxyError } from '../errors/proxy-error.js';
import type { Logger } from '../ports/logger.js';
import type { FailedAttempt } from '../ports/model-invoker.js';
import type { RequestRecord } from './request-record.js';

/** A request that failed, or that a target failed. */
interface FailedRequest {
  readonly record: RequestRecord;
  readonly failure?: ProxyError | undefined;
  readonly outcome: Pick<CallOutcome, 'failed'>;
  /** Why the policy refused the token. */
  readonly reason?: DenialReason | undefined;
}

/**
 * Logs each target that failed, and why the request failed: the reason of a policy, the cause, and the host's own id of the call, for which
 * its support asks.
 */
export function logFailure(logger: Logger, { failure, outcome, reason, record }: FailedRequest): void {
  const { requestId, traceId, upstreamRequestId } = record;
  for (const attempt of outcome.failed ?? []) logAttempt(logger, requestId, attempt);
  if (!failure) return;
  // A policy without types may return a text that holds a part of the token.
  const knownReason = reason !== undefined && Object.hasOwn(reasonRanks, reason) ? reason : undefined;
  const { code, cause } = failure;
  if (knownReason === undefined && cause === undefined && upstreamRequestId === undefined) return;
  const { logLevel, quotesHost } = errorKind(code);
  logger[logLevel]({
    event: 'request.error',
    requestId,
    code,
    ...(traceId !== undefined && { traceId }),
    ...(knownReason !== undefined && { reason: knownReason }),
    ...(upstreamRequestId !== undefined && { upstreamRequestId }),
    ...describeUpstream(failure),
    ...(cause !== undefined && { cause: quotesHost ? describeShown(failure) : describeCause(cause) }),
  });
}

/** A cause that may quote the request: only the message that the client is shown. A stack would begin with the whole sentence. */
function describeShown({ cause, message }: ProxyError): object {
  return { ...(cause instanceof Error && { name: describeText(cause.name) }), message: describeText(message) };
}

/** What the model told its host. */
function describeUpstream({ code, upstream }: ProxyError): object {
  if (!upstream) return {};
  const { originalStatusCode, originalMessage, resourceName } = upstream;
  const describe = errorKind(code).quotesHost ? cleanMessage : describeText;
  return {
    ...(originalStatusCode !== undefined && { originalStatusCode }),
    ...(originalMessage !== undefined && { originalMessage: describe(originalMessage) }),
    ...(resourceName !== undefined && { resourceName: describeText(resourceName) }),
  };
}

function logAttempt(logger: Logger, requestId: string, attempt: FailedAttempt): void {
  const { modelId, region, code, durationMs, upstreamRequestId } = attempt;
  const place = { requestId, modelId, ...(region !== undefined && { region }), code };
  logger.warn({
    event: 'route.attempt',
    ...place,
    durationMs,
    ...(upstreamRequestId !== undefined && { upstreamRequestId }),
  });
  if (code !== 'upstream_denied' && code !== 'model_not_found') return;
  logger.warn(
    { event: 'route.misconfigured', ...place },
    'A target of an alias can never answer. Give the role access to it, or correct MODEL_ALIASES.',
  );
}
