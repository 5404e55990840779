import { isJsonObject } from '../../models/json-object.js';
import { type JsonScan, parseValue } from '../../request/json-scan.js';

const counted: ReadonlySet<string> = new Set(['system', 'messages', 'tools']);
const bytesPerToken = 3;
/** A picture or a document, whatever its size. */
const tokensPerFile = 1_600;

/**
 * An estimate of the tokens of a request. It is rather too high: a client that believes in room that it does not have runs into "prompt
 * is too long".
 */
export function estimateTokens({ members }: JsonScan): number {
  let bytes = 0;
  let files = 0;
  for (const member of members) {
    if (!counted.has(member.key)) continue;
    bytes += member.value.length;
    for (const data of base64In(parseValue(member))) {
      bytes -= data.length;
      files += 1;
    }
  }
  return Math.ceil(bytes / bytesPerToken) + files * tokensPerFile;
}

/** The base64 data of pictures and documents, at any depth. */
function* base64In(value: unknown): Generator<string, void, undefined> {
  if (Array.isArray(value)) {
    for (const item of value) yield* base64In(item);
  } else if (isJsonObject(value)) {
    const { type, data } = value;
    if (type === 'base64' && typeof data === 'string') yield data;
    else for (const key in value) yield* base64In(value[key]);
  }
}
