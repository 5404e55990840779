import type { JsonObject } from '../../models/json-object.js';
import { readJsonObject } from '../../request/json-scan.js';

/** The JSON object in a body. Throws `invalid_json`, as `readJsonObject` does. */
export function parseObject(body: Uint8Array): JsonObject {
  readJsonObject(body, () => false);
  return JSON.parse(textOf(body));
}

/** The JSON in the body of an answer; undefined if there is none. */
export function parseAnswer(body: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(body));
  } catch {
    return undefined;
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}
