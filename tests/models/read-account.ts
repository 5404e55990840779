import { allowAnonymous, createProxy, type ModelInvoker, type RequestRecord } from '@bedrock-proxy/core';
import { type HttpAnswer, serve } from '@bedrock-proxy/core/http';

/** The answer to one request through the proxy, with its record for the observer and all of its log lines. */
export interface AccountedAnswer {
  readonly body: string;
  readonly record: RequestRecord;
  readonly log: string;
}

/** Sends one request in the native dialect through the proxy, as a streaming front would. Reads the answer, the record and the log. */
export async function readAccount(invoker: ModelInvoker, request: object): Promise<AccountedAnswer> {
  let record: RequestRecord | undefined;
  const lines: object[] = [];
  const write = (line: object) => void lines.push(line);
  const proxy = createProxy({
    invoker,
    access: allowAnonymous(),
    logger: { info: write, warn: write, error: write },
    onRequestEnd(ended) {
      record = ended;
    },
  });
  const answer = await serve(proxy, {
    front: 'test',
    requestId: 'request-1',
    method: 'POST',
    path: '/',
    headers: {},
    body: JSON.stringify(request),
    signal: new AbortController().signal,
  });
  const body = await read(answer);
  await answer.close({ bytesOut: Buffer.byteLength(body) });
  if (!record) throw new Error('the request was not accounted for');
  return { body, record, log: lines.map((line) => JSON.stringify(line)).join('\n') };
}

async function read({ body }: HttpAnswer): Promise<string> {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  let text = '';
  for await (const piece of body) text += piece;
  return text;
}

/** The text of an SSE answer in the native dialect. */
export function textOfEvents(body: string): string {
  return body
    .split('\n\n')
    .filter((event) => event.startsWith('data: {"content"'))
    .map((event) => (JSON.parse(event.slice('data: '.length)) as { content: string }).content)
    .join('');
}
