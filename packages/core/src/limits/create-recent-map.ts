/** A map that forgets the keys which were set first once it has more than `most`. */
export function createRecentMap<Value>(most: number): Pick<Map<string, Value>, 'get' | 'set' | 'delete'> {
  const entries = new Map<string, Value>();
  return {
    get: (key) => entries.get(key),
    delete: (key) => entries.delete(key),
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      for (const oldest of entries.keys()) {
        if (entries.size <= most) break;
        entries.delete(oldest);
      }
      return entries;
    },
  };
}
