import type { ExceptionName } from './exception-reply.js';

/** Thrown by what plays a model, to refuse the call as Bedrock would. */
export class EmulatedException extends Error {
  override readonly name: ExceptionName;

  constructor(name: ExceptionName, message: string) {
    super(message);
    this.name = name;
  }
}
