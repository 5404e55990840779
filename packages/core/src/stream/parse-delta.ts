/** A delta of text as Claude sends it through Bedrock: nothing but these members, in this order, without escapes. */
const claudeDelta =
  /^\{"type":"content_block_delta","index":(0|[1-9]\d{0,3}),"delta":\{"type":"text_delta","text":"([^"\\\p{Cc}]*)"\}\}$/u;
/** The same of Converse. Its padding `p` hides the length of the text. */
const converseDelta =
  /^\{"contentBlockIndex":(0|[1-9]\d{0,3}),"delta":\{"text":"([^"\\\p{Cc}]*)"\}(?:,"p":"([^"\\\p{Cc}]*)")?\}$/u;

/**
 * The value of the JSON of a chunk, if it is a delta of text in the form that Claude or Converse sends: the same value that `JSON.parse`
 * returns, in half of its time. Undefined for all other chunks. Nearly all chunks of a stream are deltas of text.
 */
export function parseDelta(json: string, eventType: string | undefined): object | undefined {
  if (eventType === undefined) {
    const match = claudeDelta.exec(json);
    if (match === null) return undefined;
    return { type: 'content_block_delta', index: Number(match[1]), delta: { type: 'text_delta', text: match[2] } };
  }
  const match = eventType === 'contentBlockDelta' ? converseDelta.exec(json) : null;
  if (match === null) return undefined;
  const [, index, text, p] = match;
  const value = { contentBlockIndex: Number(index), delta: { text } };
  return p === undefined ? value : { ...value, p };
}
