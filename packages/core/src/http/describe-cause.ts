/** What the log says of an error: its name, message and stack, and those of its causes. */
export function describeCause(error: unknown, depth = 4): object {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(error.cause !== undefined && depth > 1 && { cause: describeCause(error.cause, depth - 1) }),
  };
}
