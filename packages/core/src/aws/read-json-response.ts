import { isJsonObject } from '../models/json-object.js';

/** The parts of an HTTP response that are read. */
interface JsonResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: AsyncIterable<Uint8Array>;
}

/** Bytes. A secret has at most 64 KB, which JSON may escape. */
const longest = 512 * 1024;

/** The JSON of a response. Rejects for any status but 200 with an `Error` that names it and the exception, and quotes nothing else. */
export async function readJsonResponse({ statusCode, headers, body }: JsonResponse, target: string): Promise<unknown> {
  const json = await readJson(body);
  if (statusCode === 200) return json;
  const named = headers['x-amzn-errortype'] ?? (isJsonObject(json) ? json['__type'] : undefined) ?? '';
  const exception = /([A-Za-z]{1,80})(?::.*)?$/.exec(String(named))?.[1] ?? 'no exception named';
  throw new Error(`${target} was refused: ${statusCode}, ${exception}.`);
}

async function readJson(body: AsyncIterable<Uint8Array> = noBody()): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > longest) throw new Error(`The answer is over ${longest} bytes.`);
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    // The engine's own sentence would quote the secret.
    return undefined;
  }
}

async function* noBody(): AsyncGenerator<Uint8Array> {}
