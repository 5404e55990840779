import { statusOf } from '../http/status-of.js';
import type { Logger } from '../ports/logger.js';
import type { ModelProxy } from '../proxy/create-proxy.js';
import { finalRecord, type RequestAccount } from './account.js';
import { describeCause } from './describe-cause.js';
import { requestEndLine } from './request-end-line.js';
import { tellObservers } from './tell-observers.js';

/**
 * Ends a request: the cause of its failure and one `request.end` line in the log, then the policy's `settle` and the observer,
 * which are given `observerTimeoutMs` where the client waits for them.
 */
export async function closeAccount(
  account: RequestAccount,
  proxy: ModelProxy,
  logger: Logger,
  clientWaits: boolean,
): Promise<void> {
  const record = finalRecord(account);
  const { upstreamRequestId } = record;
  const { failure } = account;
  // The host's own id of a call is what its support asks for, of an answer that broke off without a word too.
  if (failure && (failure.cause !== undefined || upstreamRequestId !== undefined)) {
    // An alarm on errors is for what the operator can mend, not for what a client sent.
    logger[statusOf(failure.code) < 500 ? 'warn' : 'error']({
      event: 'request.error',
      requestId: record.requestId,
      code: failure.code,
      ...(upstreamRequestId !== undefined && { upstreamRequestId }),
      ...(failure.cause !== undefined && { cause: describeCause(failure.cause) }),
    });
  }
  logger.info(requestEndLine(record));
  await tellObservers({ account, record, proxy, logger, clientWaits });
}
