import type { ErrorCode } from '../errors/error-codes.js';
import { ProxyError } from '../errors/proxy-error.js';
import { callMetaOf, headersOf, type ResponseMetadata } from './call-meta.js';
import { codeOfName, codeOfStatus, codeOfSystemError, upstreamError } from './upstream-error.js';

/** What the SDK puts on the errors that it throws. */
interface SdkError extends Error {
  readonly $metadata?: ResponseMetadata;
  readonly $response?: unknown;
  readonly code?: unknown;
}

/** The error for a call that Bedrock, or the way to it, refused before the answer began. */
export function refusalOf(error: unknown): ProxyError {
  if (!(error instanceof Error)) return new ProxyError('internal', { cause: error });
  const { $metadata = {}, $response }: SdkError = error;
  const headers = headersOf($response);
  const retryAfter = headers['retry-after'] ?? '';
  return upstreamError(codeOf(error), error, {
    meta: callMetaOf($metadata, headers),
    ...(/^\d+(\.\d+)?$/.test(retryAfter) && { retryAfterSeconds: Math.ceil(Number(retryAfter)) }),
  });
}

function codeOf({ name, $metadata, code }: SdkError): ErrorCode {
  const named = codeOfName(name);
  if (named) return named;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined && status >= 300) return codeOfStatus(status);
  return codeOfSystemError(name === 'TimeoutError' ? 'ETIMEDOUT' : code);
}
