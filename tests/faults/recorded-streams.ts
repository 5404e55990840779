import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeChunkFrame, encodeConverseFrame } from '@bedrock-proxy/testing/emulator';

/** A recorded answer of Bedrock. */
export interface RecordedAnswer {
  readonly file: string;
  readonly operation: 'invoke-with-response-stream' | 'converse-stream';
  /** The frames of the stream; none if only a whole answer was recorded. */
  readonly frames: readonly Uint8Array[];
  /** The whole answer to the same request. */
  readonly whole?: unknown;
  /** Whether the stream ends in an exception or in an error frame. */
  readonly fails: boolean;
  /** Whether no family has answers of this shape. */
  readonly hasUnknownShape: boolean;
}

interface Sample {
  readonly chunks: readonly Readonly<Record<string, object>>[];
  readonly response?: unknown;
  readonly wire?: string;
  readonly rawBase64?: string;
  readonly expected: { readonly error?: unknown; readonly unknownShape?: boolean };
}

/** The recordings in the folder that `BEDROCK_PROXY_SAMPLES` names. Undefined if it names none. */
export function readRecordings(): readonly RecordedAnswer[] | undefined {
  const folder = process.env['BEDROCK_PROXY_SAMPLES'];
  if (folder === undefined || !existsSync(folder)) return undefined;
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.map((file) => readRecording(file, JSON.parse(readFileSync(join(folder, file), 'utf8'))));
}

function readRecording(file: string, { chunks, response, wire, rawBase64, expected }: Sample): RecordedAnswer {
  const isConverse = wire !== undefined && /converse/.test(wire);
  const encode = (chunk: Readonly<Record<string, object>>) => {
    const [[type, payload] = ['', {}]] = Object.entries(chunk);
    return isConverse ? encodeConverseFrame(type, payload, 'abc') : encodeChunkFrame(JSON.stringify(chunk), 'abc');
  };
  return {
    ...{ file, operation: isConverse ? 'converse-stream' : 'invoke-with-response-stream' },
    frames: rawBase64 === undefined ? chunks.map(encode) : splitFrames(Buffer.from(rawBase64, 'base64')),
    ...(typeof response === 'object' && response !== null && { whole: response }),
    fails: expected.error !== undefined,
    hasUnknownShape: expected.unknownShape === true,
  };
}

/** Each frame begins with its length. */
function splitFrames(bytes: Buffer): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += bytes.readUInt32BE(start)) {
    frames.push(bytes.subarray(start, start + bytes.readUInt32BE(start)));
  }
  return frames;
}
