/** A parsed JSON object with unknown members. */
export type JsonObject = { readonly [key: string]: unknown };

/** Whether `value` is an object and not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member `key` of `value`; undefined if either is not an object. */
export function objectAt(value: unknown, key: string): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  const member = value[key];
  return isJsonObject(member) ? member : undefined;
}

/** The objects in the array `key` of `value`; empty if it is not an array. */
export function objectsAt(value: unknown, key: string): readonly JsonObject[] {
  const member = isJsonObject(value) ? value[key] : undefined;
  return Array.isArray(member) ? member.filter(isJsonObject) : [];
}

/** The member `key` of `value`; undefined if it is empty or not a string. */
export function stringAt(value: unknown, key: string): string | undefined {
  const member = isJsonObject(value) ? value[key] : undefined;
  return typeof member === 'string' && member !== '' ? member : undefined;
}

/** The member `key` as a count, rounded because some models send floats or strings. Undefined if it is not a count. */
export function countAt(value: unknown, key: string): number | undefined {
  const member = isJsonObject(value) ? value[key] : undefined;
  const count = typeof member === 'string' && member.trim() !== '' ? Number(member) : member;
  return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? Math.round(count) : undefined;
}

/** The index at `key`, as a number or as text; 0 if it is missing or has another type. A negative index is an index, and not 0. */
export function indexAt(holder: JsonObject, key: string): number {
  const member = holder[key];
  const index = typeof member === 'string' && member.trim() !== '' ? Number(member) : member;
  return typeof index === 'number' && Number.isFinite(index) ? index : 0;
}

/**
 * The stop reason at `key`: the member itself, or the `type` of an object, as SGLang sends it. Undefined if it is empty or of another
 * type, such as the id of a token.
 */
export function stopReasonAt(value: unknown, key: string): string | undefined {
  return stringAt(value, key) ?? stringAt(objectAt(value, key), 'type');
}
