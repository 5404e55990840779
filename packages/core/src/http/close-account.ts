import type { Logger } from '../ports/logger.js';
import type { ModelProxy } from '../proxy/create-proxy.js';
import { finalRecord, type RequestAccount } from '../proxy/request-account.js';
import { describeCause } from './describe-cause.js';

/** Ends a request: the cause of its failure and one `request.end` line in the log, then the policy's `settle` and the observer. */
export async function closeAccount(account: RequestAccount, proxy: ModelProxy, logger: Logger): Promise<void> {
  const record = finalRecord(account);
  const { requestId } = record;
  const { failure, settle } = account;
  if (failure?.cause !== undefined) {
    logger.error({ event: 'request.error', requestId, code: failure.code, cause: describeCause(failure.cause) });
  }
  logger.info({ event: 'request.end', ...record });
  // What an observer throws is its own affair: the client has its answer.
  const tell = async (observer: string, work: () => unknown) => {
    try {
      await work();
    } catch (error) {
      logger.error({ event: 'observer.failed', requestId, observer, cause: describeCause(error) });
    }
  };
  await Promise.all([
    settle && tell('settle', () => settle(account.call?.usage ?? {})),
    proxy.onRequestEnd && tell('onRequestEnd', () => proxy.onRequestEnd?.(record)),
  ]);
}
