/** A delta of text as Claude sends it through Bedrock: nothing but these members, in this order, without escapes. */
const claudeDelta =
  /^\{"type":"content_block_delta","index":(0|[1-9]\d{0,3}),"delta":\{"type":"text_delta","text":"([^"\\\p{Cc}]*)"\}\}$/u;
/** The same of Converse. Its padding `p` hides the length of the text. */
const converseDelta =
  /^\{"contentBlockIndex":(0|[1-9]\d{0,3}),"delta":\{"text":"([^"\\\p{Cc}]*)"\}(?:,"p":"([^"\\\p{Cc}]*)")?\}$/u;

/** A delta of text. */
export interface ParsedDelta {
  /** The value of its chunk; see `ReadChunk`. */
  readonly value: object;
  readonly text: string;
  /** Of its block. */
  readonly index: number;
}

/**
 * The JSON of a chunk, if it is a delta of text in the form that Claude or Converse sends: with the same value that `JSON.parse` returns, in
 * half of its time. Undefined for all other chunks. Nearly all chunks of a stream are deltas of text.
 */
export function parseDelta(json: string, eventType: string | undefined): ParsedDelta | undefined {
  if (eventType === undefined) {
    const match = claudeDelta.exec(json);
    if (match === null) return undefined;
    const [, digits, text = ''] = match;
    const index = Number(digits);
    return { text, index, value: { type: 'content_block_delta', index, delta: { type: 'text_delta', text } } };
  }
  const match = eventType === 'contentBlockDelta' ? converseDelta.exec(json) : null;
  if (match === null) return undefined;
  const [, digits, text = '', p] = match;
  const index = Number(digits);
  const delta = { contentBlockIndex: index, delta: { text } };
  return { text, index, value: { contentBlockDelta: p === undefined ? delta : { ...delta, p } } };
}
