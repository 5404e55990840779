import type { StreamEncoder } from '../dialects/dialect.js';
import { ProxyError } from '../errors/proxy-error.js';
import type { EventBatch, OpenStream } from '../stream/open-stream.js';
import { noteBatch, noteFailure, type RequestAccount } from '../telemetry/account.js';

interface ArrayDelivery {
  readonly stream: OpenStream;
  readonly encoder: StreamEncoder;
  readonly account: RequestAccount;
  /** What the wait for the first event brought. */
  readonly first: EventBatch | 'awake' | undefined;
  /** The bytes that `size` may add up to, the closing item included. */
  readonly maxBytes: number;
  /** The bytes that a piece takes in what the front sends. */
  size(piece: string): number;
}

// Room for the item that closes an array, escaped as the front may have to.
const closingBytes = 4_096;

/**
 * Reads a stream to its end into one array. An answer that broke off, or that grew too large, keeps its text and ends in the error,
 * which is given back beside it.
 */
export async function deliverArray(delivery: ArrayDelivery): Promise<{ body: string; failure?: ProxyError }> {
  const { stream, encoder, account, maxBytes, size } = delivery;
  let body = encoder.open();
  let bytes = size(body);
  try {
    for (let batch = delivery.first; batch !== undefined; batch = await stream.next()) {
      if (batch === 'awake') continue;
      noteBatch(account, batch);
      const piece = encoder.batch(batch);
      bytes += size(piece);
      if (bytes > maxBytes - closingBytes) throw new ProxyError('response_too_large');
      body += piece;
    }
    account.record.terminal = 'done';
    return { body: body + encoder.end() };
  } catch (error) {
    const failure = noteFailure(account, error);
    // Nobody is left to read the array of a client that has gone.
    if (failure === undefined) throw error;
    account.record.terminal = 'error';
    return { body: body + closingItem(delivery, failure), failure };
  }
}

function closingItem({ encoder, account, size }: ArrayDelivery, failure: ProxyError): string {
  const { requestId } = account.record;
  const item = encoder.fail(failure, requestId);
  return size(item) <= closingBytes ? item : encoder.fail(new ProxyError(failure.code), requestId);
}
