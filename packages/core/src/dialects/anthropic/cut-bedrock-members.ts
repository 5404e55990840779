import { isJsonObject, type JsonObject } from '../../models/json-object.js';
import { joinWithout, scanJson } from '../../request/json-scan.js';

const prefix = 'amazon-bedrock-';

/** Whether Bedrock added members of its own. One of them holds text from before a guardrail masked it. */
export function hasBedrockMembers(value: JsonObject): boolean {
  for (const key in value) if (key.startsWith(prefix)) return true;
  return false;
}

/** JSON without the top-level members that Bedrock added. Every other byte stays, and so does a body that is no JSON object. */
export function cutBedrockMembers(body: Uint8Array): Uint8Array {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return body;
  }
  if (!isJsonObject(value) || !hasBedrockMembers(value)) return body;
  const object = scanJson(body);
  return joinWithout(object, new Set(object.members.filter(({ key }) => key.startsWith(prefix))));
}
