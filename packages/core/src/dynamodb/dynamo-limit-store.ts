import type { Credentials, SignedCall } from '../aws/signed-call.js';
import { isJsonObject } from '../models/json-object.js';
import type { CounterResult, CounterUpdate, LimitStore } from '../ports/limit-store.js';
import { readItem, updateItemInput } from './update-item.js';

export interface DynamoLimitStoreOptions {
  /** Name or ARN of the table. Its partition key is `k`, a string; its TTL attribute is `x`. */
  readonly table: string;
  /** By default the Region of the ARN, else `AWS_REGION`. */
  readonly region?: string | undefined;
  /** By default the value of `AWS_ENDPOINT_URL_DYNAMODB` or `AWS_ENDPOINT_URL`, else DynamoDB's own endpoint in the Region. */
  readonly endpoint?: string | undefined;
  /** By default the SDK's whole credential chain. */
  readonly credentials?: Credentials | undefined;
}

/** Refusals after which nothing was written, and after which another attempt may succeed. */
const throttles = new Set(['ThrottlingException', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded']);
/** Refusals that last until an operator acts. */
const permanent = new Set([
  ...['AccessDeniedException', 'ResourceNotFoundException', 'ValidationException', 'UnrecognizedClientException'],
  ...['MissingAuthenticationTokenException', 'InvalidSignatureException'],
]);

/**
 * A store in a DynamoDB table, with one request for each update and no client library. The role needs `dynamodb:UpdateItem`. An update
 * is sent again once, after 50 to 100 ms, only if nothing was written: after a refused connection or a throttle.
 */
export function dynamoLimitStore({ table, ...access }: DynamoLimitStoreOptions): LimitStore {
  let call: SignedCall | undefined;

  async function load(): Promise<SignedCall> {
    const { signedCall } = await import('../aws/signed-call.js');
    const updateItem = {
      ...{ service: 'dynamodb', target: 'DynamoDB_20120810.UpdateItem', version: '1.0' as const },
      ...{ endpointVariable: 'AWS_ENDPOINT_URL_DYNAMODB', keepAlive: true },
    };
    call ??= signedCall(updateItem, table, access);
    return call;
  }

  async function send(key: string, update: CounterUpdate, signal: AbortSignal): Promise<CounterResult> {
    const answer = await (call ?? (await load()))(updateItemInput(table, key, update), signal);
    return { applied: true, counters: readItem(isJsonObject(answer) ? answer['Attributes'] : undefined) ?? {} };
  }

  return {
    async update(key, update, signal) {
      try {
        try {
          return await send(key, update, signal);
        } catch (error) {
          if (!wroteNothing(error)) throw error;
          await pause(50 + Math.random() * 50, signal);
          return await send(key, update, signal);
        }
      } catch (error) {
        const exception = exceptionOf(error);
        if (exception !== 'ConditionalCheckFailedException') throw marked(error, permanent.has(exception));
        const { answer }: { readonly answer?: unknown } = Object(error);
        const counters = readItem(isJsonObject(answer) ? answer['Item'] : undefined);
        return { applied: false, ...(counters && { counters }) };
      }
    },
  };
}

function exceptionOf(error: unknown): string {
  return error instanceof Error && 'exception' in error ? String(error.exception) : '';
}

function wroteNothing(error: unknown): boolean {
  return (
    throttles.has(exceptionOf(error)) || (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')
  );
}

function marked(error: unknown, isPermanent: boolean): unknown {
  return isPermanent && error instanceof Error ? Object.assign(error, { permanent: true }) : error;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
