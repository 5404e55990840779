import type { ReportedError } from '../invoke.js';

/** What the runtime tells Lambda of something thrown. */
export function reportError(thrown: unknown): ReportedError {
  return thrown instanceof Error
    ? { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split('\n') ?? [] }
    : { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}
