/** The string headers of a frame; headers of other types mean nothing to Bedrock's streams and are passed over. */
export type FrameHeaders = ReadonlyMap<string, string>;

const stringType = 7;
/** Bytes of value by type, from the event-stream specification; bytes and string carry their own length. */
const fixedSizes: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };

/** Reads a frame's headers; undefined where they are malformed. */
export function readFrameHeaders(block: Buffer): FrameHeaders | undefined {
  const headers = new Map<string, string>();
  let at = 0;
  while (at < block.length) {
    const nameEnd = at + 1 + block.readUInt8(at);
    if (nameEnd + 1 > block.length) return undefined;
    const name = block.toString('utf8', at + 1, nameEnd);
    const type = block.readUInt8(nameEnd);
    at = nameEnd + 1;
    let size = fixedSizes[type];
    if (size === undefined) {
      if ((type !== stringType && type !== 6) || at + 2 > block.length) return undefined;
      size = block.readUInt16BE(at);
      at += 2;
    }
    if (at + size > block.length) return undefined;
    if (type === stringType) headers.set(name, block.toString('utf8', at, at + size));
    at += size;
  }
  return headers;
}
