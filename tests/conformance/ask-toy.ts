import { type AccessPolicy, createProxy, type RequestRecord } from '@bedrock-proxy/core';
import { standardDialects } from '@bedrock-proxy/core/dialects';
import { serve } from '@bedrock-proxy/core/http';
import type { FakeInvoker } from '@bedrock-proxy/testing';
import { toyDialect } from './toy-dialect.ts';

const anyone: AccessPolicy = () => ({ allow: true, principal: 'anyone' });
/** The id of the toy's model `swift`. */
export const swift = 'amazon.nova-lite-v1:0';
/** The id of the toy's model `deep`. */
export const deep = 'us.anthropic.claude-sonnet-4-6';

interface Circumstances {
  readonly method?: string;
  readonly access?: AccessPolicy;
}

/** Asks a proxy that speaks the toy dialect beside its own, on a streaming front. */
export async function askToy(
  invoker: FakeInvoker,
  path: string,
  body: object = {},
  { method = 'POST', access }: Circumstances = {},
) {
  const records: RequestRecord[] = [];
  const proxy = createProxy({
    ...{ invoker, access: access ?? anyone, dialects: [toyDialect(), ...standardDialects()] },
    ...{ logger: { info() {}, warn() {}, error() {} }, listedModels: [swift, deep] },
    onRequestEnd: (record) => void records.push(record),
  });
  const head = { front: 'test', requestId: 'r-1', method, path, headers: {}, signal: new AbortController().signal };
  const answer = await serve(proxy, { ...head, body: JSON.stringify(body) });
  const pieces: (string | Uint8Array)[] = [];
  if (typeof answer.body === 'string' || answer.body instanceof Uint8Array) pieces.push(answer.body);
  else for await (const piece of answer.body) pieces.push(piece);
  const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
  await answer.close({ bytesOut: bytes.length });
  return { status: answer.status, headers: answer.headers, body: bytes, text: bytes.toString(), record: records[0] };
}

/** An answer of Converse. */
export const said = (text: string) => ({ output: { message: { content: [{ text }] } } });
