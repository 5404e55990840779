import { redactCredentials } from '../errors/redact-credentials.js';

/** What the log says of an error: its name, message and stack, and those of its causes, without credentials. */
export function describeCause(error: unknown, depth = 4): object {
  if (!(error instanceof Error)) return { message: redactCredentials(nameOf(error)) };
  return {
    name: error.name,
    message: redactCredentials(error.message),
    stack: error.stack && redactCredentials(error.stack),
    ...(error.cause !== undefined && depth > 1 && { cause: describeCause(error.cause, depth - 1) }),
  };
}

// An object is named and no more: it may hold an answer, or have nothing that makes a string of it.
function nameOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
