import type { ErrorCode } from '../errors/error-kinds.js';
import { codeOfHostFailure, codeOfModelStatus, hostMessage } from '../errors/host-failure.js';
import { ProxyError } from '../errors/proxy-error.js';
import type { InBandFailure } from './in-band-failure.js';
import { countAt, stringAt } from './json-object.js';

/** The codes for the error types of Anthropic. */
const codesByType: ReadonlyMap<string, ErrorCode> = new Map([
  ['overloaded_error', 'upstream_unavailable'],
  ['rate_limit_error', 'throttled'],
  ['invalid_request_error', 'upstream_validation'],
  ['not_found_error', 'model_not_found'],
  ['authentication_error', 'upstream_denied'],
  ['permission_error', 'upstream_denied'],
  ['timeout_error', 'upstream_timeout'],
]);

/** The error for a failure that a model reported in the chunk `bytes`. */
export function errorOfFailure(failure: InBandFailure, bytes: Uint8Array): ProxyError {
  const { code, type, message } = describeFailure(failure);
  const shown = hostMessage(code, message);
  return new ProxyError(code, {
    ...(shown !== undefined && { message: shown }),
    cause: new Error(`${type}: ${message}`),
    upstream: { name: type, chunk: bytes },
  });
}

/** The code of a failure, with its type and its message in the words of the model. */
export function describeFailure({ error, chunk, exception }: InBandFailure): {
  readonly code: ErrorCode;
  readonly type: string;
  readonly message: string;
} {
  if (exception !== undefined) {
    const message = messageOf(error);
    const status = statusIn(error, 'originalStatusCode') ?? statusOf(error);
    const code = codeOfHostFailure({ name: exception, message, originalStatusCode: status });
    return { code: code ?? codeOfModelStatus(status), type: exception, message };
  }
  const type = stringAt(error, 'type') ?? stringAt(chunk, 'error_type') ?? 'error';
  const known = chunk.type === 'error' ? codesByType.get(type) : undefined;
  const code = known ?? codeOfModelStatus(statusOf(error) ?? statusOf(chunk));
  return { code, type, message: messageOf(error, chunk) };
}

function messageOf(...holders: readonly unknown[]): string {
  for (const holder of holders) {
    if (typeof holder === 'string' && holder !== '') return holder;
    const message = stringAt(holder, 'message') ?? stringAt(holder, 'Message');
    if (message !== undefined) return message;
  }
  return 'no message';
}

function statusOf(error: unknown): number | undefined {
  return statusIn(error, 'code') ?? statusIn(error, 'status') ?? statusIn(error, 'status_code');
}

/** A code can also be a word, such as `context_length_exceeded`. */
function statusIn(holder: unknown, key: string): number | undefined {
  const status = countAt(holder, key);
  return status !== undefined && status >= 100 && status <= 599 ? status : undefined;
}
