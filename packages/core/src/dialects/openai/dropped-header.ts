/** The header that names the members of a request that were left out; none if none were. A name that no header may hold is not named. */
export function droppedHeader(dropped: readonly string[]): Record<string, string> {
  const names = dropped.filter((name) => /^[\w.-]{1,64}$/.test(name));
  return names.length > 0 ? { 'x-proxy-dropped': `body=${names.join(',')}` } : {};
}
