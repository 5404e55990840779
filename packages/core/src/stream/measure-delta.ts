const claudeDelta = Buffer.from('{"type":"content_block_delta"');
const converseDelta = 'contentBlockDelta';
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
  const isDelta = eventType === undefined ? beginsWith(bytes, claudeDelta) : eventType === converseDelta;
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
