/** The bytes of a payload: bytes as they are, an object as JSON. */
export function encodePayload(payload: object | Uint8Array): Uint8Array {
  return payload instanceof Uint8Array ? payload : new TextEncoder().encode(JSON.stringify(payload));
}
