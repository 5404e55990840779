import type { ReportedError } from './invoke.js';

export interface LambdaFunctionErrorOptions {
  readonly trace?: readonly string[];
  /** What the process had printed by then. */
  readonly log?: string;
}

/** A function that failed, in Lambda's words: `type` is `Runtime.ExitError`, `Sandbox.Timedout`, or the name of what was thrown. */
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

  /** From what a runtime posts when a handler or the init phase fails. */
  static fromReport(report: ReportedError, log?: string): LambdaFunctionError {
    return new LambdaFunctionError(report.errorType, report.errorMessage, {
      trace: report.trace ?? [],
      ...(log === undefined ? {} : { log }),
    });
  }

  /** The failure of an invocation that its function's timeout ended. */
  static timedOut(requestId: string, deadlineMs: number): LambdaFunctionError {
    const seconds = (deadlineMs / 1000).toFixed(2);
    return new LambdaFunctionError(
      'Sandbox.Timedout',
      `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
    );
  }
}
