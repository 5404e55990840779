/** A JSON object of a request. */
export type Payload = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members of an object. Empty if the value is not an object. */
export function membersOf(value: unknown): Payload {
  return isRecord(value) ? value : {};
}

/** The JSON object in the bytes. Undefined if the bytes are not a JSON object. */
export function parsePayload(bytes: Uint8Array): Payload | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The objects in a list. Empty if the value is not a list. */
export function recordsIn(value: unknown): readonly Payload[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The strings in a list. Empty if the value is not a list. */
export function stringsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
