import { ProxyError } from '../../errors/proxy-error.js';
import type { JsonObject } from '../../models/json-object.js';
import { readJsonObject } from '../../request/json-scan.js';
import type { AdmittedHead } from '../dialect.js';

/**
 * The JSON object in the body of a request. Throws `invalid_json`, as `readJsonObject` does, and `invalid_request` for Bedrock's own settings,
 * in the body or in the headers, that the caller may not set.
 */
export function parseObject(body: Uint8Array, { issues, isSetting, judge }: AdmittedHead): JsonObject {
  const { members } = readJsonObject(body, isSetting);
  const found = [...issues, ...judge(members, 'converse')];
  if (found.length > 0) throw new ProxyError('invalid_request', { issues: found });
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
