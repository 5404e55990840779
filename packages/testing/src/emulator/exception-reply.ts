import { randomUUID } from 'node:crypto';
import { jsonBytes } from '../answers/json-bytes.js';
import type { HttpReply } from './emulator-reply.js';

/** Bedrock's exceptions and their statuses, as they refuse a call before its answer. */
export const exceptionStatus = {
  ValidationException: 400,
  ServiceQuotaExceededException: 400,
  AccessDeniedException: 403,
  ResourceNotFoundException: 404,
  UnknownOperationException: 404,
  ModelTimeoutException: 408,
  ModelErrorException: 424,
  ModelStreamErrorException: 424,
  ThrottlingException: 429,
  ModelNotReadyException: 429,
  InternalServerException: 500,
  ServiceUnavailableException: 503,
} as const;

/** The exceptions that Bedrock refuses a call with. */
export type ExceptionName = keyof typeof exceptionStatus;

/** A refusal as Bedrock gives it: the status of the exception, its name in a header, its message in the body. */
export function exceptionReply(name: ExceptionName, message: string, headers: HttpReply['headers'] = {}): HttpReply {
  return {
    status: exceptionStatus[name],
    headers: {
      'content-type': 'application/json',
      'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
      'x-amzn-requestid': randomUUID(),
      ...headers,
    },
    body: [jsonBytes({ message })],
  };
}
