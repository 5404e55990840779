import type { ReportedError } from './invoke.js';

export interface LambdaFunctionErrorOptions {
  readonly trace?: readonly string[];
  /** The output of the process until the failure. */
  readonly log?: string;
}

/**
 * The failure of a function. `type` is an error type of Lambda, such as `Runtime.ExitError` or `Sandbox.Timedout`, or
 * the name of the thrown error.
 */
export class LambdaFunctionError extends Error {
  override readonly name = 'LambdaFunctionError';
  readonly type: string;
  readonly trace: readonly string[];
  readonly log?: string;

  constructor(type: string, message: string, options: LambdaFunctionErrorOptions = {}) {
    super(message);
    this.type = type;
    this.trace = options.trace ?? [];
    if (options.log !== undefined) this.log = options.log;
  }

  /** Creates an error from the report of a runtime when a handler or the init phase fails. */
  static fromReport(report: ReportedError, log?: string): LambdaFunctionError {
    return new LambdaFunctionError(report.errorType, report.errorMessage, {
      trace: report.trace ?? [],
      ...(log === undefined ? {} : { log }),
    });
  }

  /** Creates the error for an invocation that exceeded the timeout. */
  static timedOut(requestId: string, deadlineMs: number): LambdaFunctionError {
    const seconds = (deadlineMs / 1000).toFixed(2);
    return new LambdaFunctionError(
      'Sandbox.Timedout',
      `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
    );
  }
}

/** The report that the runtime sends to Lambda for a thrown value. */
export function reportError(thrown: unknown): ReportedError {
  return thrown instanceof Error
    ? { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split('\n') ?? [] }
    : { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}
