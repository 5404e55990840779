import type { CallNotes } from '../../ports/call-notes.js';

/** The header that names the members of a request that were left out; none if none were. A name that no header may hold is not named. */
export function droppedHeader(dropped: readonly string[]): Record<string, string> {
  const value = headerValue(dropped);
  return value === undefined ? {} : { 'x-proxy-dropped': value };
}

/** The same for the log. */
export function droppedNotes(dropped: readonly string[]): CallNotes {
  const value = headerValue(dropped);
  return value === undefined ? {} : { dropped: value };
}

function headerValue(dropped: readonly string[]): string | undefined {
  const names = dropped.filter((name) => /^[\w.-]{1,64}$/.test(name));
  return names.length > 0 ? `body=${names.join(',')}` : undefined;
}
