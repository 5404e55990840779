import type { DialectAnswer, DialectReading } from '@bedrock-proxy/testing/contract';

/** Text, an error, the end, a ping, the model that answers. */
export type RecordKind = 'T' | 'E' | 'D' | 'P' | 'M';

/** One record of the toy dialect: a kind, a length of four bytes, a payload. */
export function encodeRecord(kind: RecordKind, payload = ''): Uint8Array {
  const bytes = Buffer.from(payload);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([Buffer.from(kind), length, bytes]);
}

/** Reads records, and answers of the toy dialect made of them. Throws for bytes that are none. */
export function readToyAnswer({ status, body }: Pick<DialectAnswer, 'status' | 'body'>): DialectReading {
  const bytes = Buffer.from(body);
  const begins = bytes.subarray(0, 4).toString() === 'TOY1';
  if (status === 200 && bytes.length > 0 && !begins) throw new Error('An answer begins with TOY1.');
  let reading: DialectReading = { kind: 'incomplete', text: '' };
  for (let at = status === 200 ? 4 : 0; at < bytes.length; ) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    if (end > bytes.length) throw new Error('A record is torn.');
    if (reading.kind !== 'incomplete') throw new Error('Something follows the end.');
    reading = readRecord(String.fromCharCode(bytes[at] ?? 0), bytes.subarray(at + 5, end).toString(), reading.text);
    at = end;
  }
  return reading;
}

function readRecord(kind: string, payload: string, text: string): DialectReading {
  switch (kind) {
    case 'T':
      return { kind: 'incomplete', text: text + payload };
    case 'D':
      return { kind: 'done', text };
    case 'E':
      return { kind: 'error', text, ...(JSON.parse(payload) as { code: string; requestId: string }) };
    case 'P':
    case 'M':
      return { kind: 'incomplete', text };
    default:
      throw new Error(`No record is a ${kind}.`);
  }
}
