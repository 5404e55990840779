import { answerReply, type HttpReply } from './emulator-reply.js';

/** Bedrock's exceptions and their statuses, as they refuse a call before its answer. */
const exceptionStatus: Readonly<Record<ExceptionName, number>> = {
  ValidationException: 400,
  SerializationException: 400,
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
};

/** The names of the exceptions with which Bedrock refuses a call. */
export type ExceptionName =
  | 'ValidationException'
  | 'SerializationException'
  | 'ServiceQuotaExceededException'
  | 'AccessDeniedException'
  | 'ResourceNotFoundException'
  | 'UnknownOperationException'
  | 'ModelTimeoutException'
  | 'ModelErrorException'
  | 'ModelStreamErrorException'
  | 'ThrottlingException'
  | 'ModelNotReadyException'
  | 'InternalServerException'
  | 'ServiceUnavailableException';

/** The emulated model throws this to refuse a call as Bedrock would. */
export class EmulatedException extends Error {
  override readonly name: ExceptionName;

  constructor(name: ExceptionName, message: string) {
    super(message);
    this.name = name;
  }
}

/** The refusal of an invalid request by Bedrock or the model. */
export function invalid(message: string): EmulatedException {
  return new EmulatedException('ValidationException', message);
}

/** The refusal of a payload that does not fit the schema of the model. */
export function malformed(fault: string): EmulatedException {
  return invalid(`Malformed input request: #: ${fault}, please reformat your input and try again.`);
}

/** A refusal by Bedrock, with the status of the exception, its name in a header and its message in the body. */
export function exceptionReply(name: ExceptionName, message: string, headers: HttpReply['headers'] = {}): HttpReply {
  const errorType = `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`;
  return {
    status: exceptionStatus[name],
    ...answerReply({ message }, { 'x-amzn-errortype': errorType, ...headers }),
  };
}
