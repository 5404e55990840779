/** A JSON document: its bytes, its text, or an object that becomes it. */
export type JsonDocument = string | Uint8Array | object;

/** The document in UTF-8. Bytes and strings are not changed, even if they are not valid JSON. */
export function jsonBytes(document: JsonDocument): Uint8Array {
  if (document instanceof Uint8Array) return document;
  return new TextEncoder().encode(typeof document === 'string' ? document : JSON.stringify(document));
}
