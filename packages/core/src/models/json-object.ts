/** A parsed JSON object of which nothing is known yet. */
export type JsonObject = { readonly [key: string]: unknown };

/** Whether `value` is an object that is no array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member `key` of `value` where both are objects; otherwise undefined. */
export function objectAt(value: unknown, key: string): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  const member = value[key];
  return isJsonObject(member) ? member : undefined;
}

/** The objects in the array `key` of `value`; none where it is no array. */
export function objectsAt(value: unknown, key: string): readonly JsonObject[] {
  const member = isJsonObject(value) ? value[key] : undefined;
  return Array.isArray(member) ? member.filter(isJsonObject) : [];
}

/** The member `key` where it is a non-empty string. */
export function stringAt(value: unknown, key: string): string | undefined {
  const member = isJsonObject(value) ? value[key] : undefined;
  return typeof member === 'string' && member !== '' ? member : undefined;
}

/** The member `key` as a whole count: some models send floats or strings. Undefined where it is neither. */
export function countAt(value: unknown, key: string): number | undefined {
  const member = isJsonObject(value) ? value[key] : undefined;
  const count = typeof member === 'string' && member.trim() !== '' ? Number(member) : member;
  return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? Math.round(count) : undefined;
}

/** The place in an answer that `holder` names under `key`; 0 where it names none. */
export function indexAt(holder: JsonObject, key: string): number {
  return countAt(holder, key) ?? 0;
}
