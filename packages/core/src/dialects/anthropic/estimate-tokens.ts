import type { JsonScan } from '../../request/json-scan.js';

const counted: ReadonlySet<string> = new Set(['system', 'messages', 'tools']);
const bytesPerToken = 3;
/** A picture or a document, whatever its size. */
const tokensPerFile = 1_600;
/** The source of a picture or a document: an object without objects. A quote within a text is escaped, so that no text looks like it. */
const source = /"source"\s*:\s*(\{[^{}]*\})/g;

/**
 * An estimate of the tokens of a request. It is rather too high: a client that believes in room that it does not have runs into "prompt
 * is too long". The request is not parsed: a hostile one would need hundreds of times its size.
 */
export function estimateTokens({ members }: JsonScan): number {
  let bytes = 0;
  let files = 0;
  for (const member of members) {
    if (!counted.has(member.key)) continue;
    bytes += member.value.length;
    for (const [, object = ''] of Buffer.from(member.value).toString('utf8').matchAll(source)) {
      const length = base64Length(object);
      if (length === undefined) continue;
      bytes -= length;
      files += 1;
    }
  }
  return Math.ceil(bytes / bytesPerToken) + files * tokensPerFile;
}

/** The length of the data of a source in base64; undefined for any other source. */
function base64Length(object: string): number | undefined {
  if (!/"type"\s*:\s*"base64"/.test(object)) return undefined;
  return /"data"\s*:\s*"([^"]*)"/.exec(object)?.[1]?.length;
}
