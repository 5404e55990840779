/**
 * A delta of text as Claude sends it through Bedrock: nothing but these members, in this order, without escapes. Its strings hold all that JSON
 * need not escape. The flag `u` would make it slower.
 */
const claudeDelta =
  /^\{"type":"content_block_delta","index":(0|[1-9]\d{0,3}),"delta":\{"type":"text_delta","text":"([ !#-[\]-\uffff]*)"\}\}$/;
/** The same of Converse. Its padding `p` hides the length of the text. */
const converseDelta =
  /^\{"contentBlockIndex":(0|[1-9]\d{0,3}),"delta":\{"text":"([ !#-[\]-\uffff]*)"\}(?:,"p":"([ !#-[\]-\uffff]*)")?\}$/;
/** The event type of a delta of Converse. */
const converseEvent = 'contentBlockDelta';

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
  const match = eventType === converseEvent ? converseDelta.exec(json) : null;
  if (match === null) return undefined;
  const [, digits, text = '', p] = match;
  const index = Number(digits);
  const delta = { contentBlockIndex: index, delta: { text } };
  return { text, index, value: { contentBlockDelta: p === undefined ? delta : { ...delta, p } } };
}

const claudeStart = Buffer.from('{"type":"content_block_delta"');
/** What Bedrock adds to a chunk, which must be read. */
const bedrockKey = Buffer.from('"amazon-bedrock-');
const fields = ['"text":"', '"thinking":"'].map((field) => Buffer.from(field));
const quote = 0x22;
const backslash = 0x5c;
const closeBrace = 0x7d;

/**
 * The length of the text in a delta of Claude or Converse, in bytes as JSON has it, without parsing the chunk; undefined for a chunk that
 * may say more than that. It is for passthroughs, which need nothing else of a delta: parsing is most of what a chunk costs.
 */
export function measureDelta(chunk: Uint8Array, eventType: string | undefined): number | undefined {
  const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const usual = eventType === undefined ? claudeDelta : eventType === converseEvent ? converseDelta : undefined;
  const text = usual?.exec(bytes.toString('latin1'))?.[2];
  return text === undefined ? measureUnusual(bytes, eventType) : text.length;
}

/** The same for deltas with escapes, of thinking, or of models that send their members in another order. */
function measureUnusual(bytes: Buffer, eventType: string | undefined): number | undefined {
  const isDelta = eventType === undefined ? beginsWith(bytes, claudeStart) : eventType === converseEvent;
  if (!isDelta || bytes[bytes.length - 1] !== closeBrace || bytes.includes(bedrockKey)) return undefined;
  for (const field of fields) {
    const at = bytes.indexOf(field);
    if (at !== -1) return stringLength(bytes, at + field.length);
  }
  return 0;
}

function beginsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.length > start.length && bytes.compare(start, 0, start.length, 0, start.length) === 0;
}

/** The bytes up to the quote that ends a string. */
function stringLength(bytes: Buffer, start: number): number {
  let end = start;
  while (end < bytes.length && bytes[end] !== quote) end += bytes[end] === backslash ? 2 : 1;
  return end - start;
}
