import {
  type AccessPolicy,
  allowAnonymous,
  createProxy,
  type ModelProxy,
  type ProxyError,
  type ProxyLimits,
  type RequestRecord,
} from '@bedrock-proxy/core';
import type { Dialect, FrontKind, RequestHead } from '@bedrock-proxy/core/dialects';
import { type BufferedAnswer, type HttpAnswer, type HttpRequest, serve } from '@bedrock-proxy/core/http';
import { type Asked, answerSoFar, type Client } from './answer-so-far.js';
import { askByHttp } from './ask-by-http.js';
import type { DialectAnswer, DialectRequest, DialectSetup } from './dialect-setup.js';
import { type ModelScript, ScriptedModel } from './scripted-model.js';

/** Times in milliseconds. Each limit is in a place of its own, so that a test knows which of them applied. */
export const limits = {
  headWaitMs: 4_000,
  heartbeatMs: 6_000,
  firstEventTimeoutMs: 40_000,
  idleTimeoutMs: 30_000,
  deadlineMarginMs: 1_000,
} as const satisfies Partial<ProxyLimits>;

/** The circumstances of one request. */
export interface Circumstances extends Client {
  readonly front: FrontKind;
  readonly script?: ModelScript;
  readonly access?: AccessPolicy;
  readonly remainingMs?: number;
  /** The bytes that a buffered front can send. */
  readonly maxBodyBytes?: number;
}

/** A request and its answer. */
export interface Exchange extends Asked {
  readonly front: FrontKind;
  readonly records: readonly RequestRecord[];
  readonly model: ScriptedModel;
}

const silent = { info: () => {}, warn: () => {}, error: () => {} };
let requests = 0;

/** Sends a request through a proxy that has this dialect alone: by HTTP if the setup has a server, else in process. */
export async function exchange(
  { dialect, serve: listen }: Pick<DialectSetup, 'dialect' | 'serve'>,
  asked: DialectRequest,
  circumstances: Circumstances,
  model = new ScriptedModel(circumstances.script),
): Promise<Exchange> {
  const records: RequestRecord[] = [];
  const proxy = createProxy({
    ...{
      invoker: model,
      access: circumstances.access ?? allowAnonymous(),
      dialects: [dialect()],
      limits,
      logger: silent,
    },
    listedModels: ['amazon.nova-lite-v1:0', 'anthropic.claude-sonnet-4-6'],
    onRequestEnd: (record) => void records.push(record),
  });
  const answer = listen
    ? await askByHttp(await listen(proxy, circumstances.remainingMs), asked, circumstances, records)
    : await askInProcess(proxy, asked, circumstances);
  return { ...answer, front: circumstances.front, records, model };
}

async function askInProcess(proxy: ModelProxy, asked: DialectRequest, circumstances: Circumstances): Promise<Asked> {
  const request = httpRequest(asked, circumstances);
  const began = performance.now();
  const answer = await answerOf(proxy, request, circumstances);
  const headMs = performance.now() - began;
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOf(answer)) {
    pieces.push(Buffer.from(piece));
    circumstances.onProgress?.(answerSoFar(answer, Buffer.concat(pieces), false));
  }
  const body = Buffer.concat(pieces);
  const clientLeft = request.signal.aborted;
  await answer.close({ bytesOut: body.length, clientLeft });
  return { ...answerSoFar(answer, body, true), requestId: request.requestId, pieces, headMs, clientLeft };
}

/** The plain answer of a dialect to a failure, under the request id `request-of-<code>`. */
export async function refusalOf(dialect: Dialect, error: ProxyError): Promise<DialectAnswer> {
  const { status, headers, body } = await dialect.refuse(error, `request-of-${error.code}`);
  return answerSoFar({ status, headers }, Buffer.from(body), true);
}

/** The head of a request as the proxy hands it to a dialect. */
export function headOf({ method = 'POST', path, query = '', headers = {} }: DialectRequest): RequestHead {
  const values = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]]);
  return { method, path, query, headers: Object.fromEntries(values) };
}

function httpRequest(request: DialectRequest, at: Circumstances): HttpRequest {
  requests += 1;
  return {
    ...headOf(request),
    ...{ front: 'contract', requestId: `request-${requests}`, sourceIp: '192.0.2.1' },
    signal: at.signal ?? new AbortController().signal,
    ...(request.body !== undefined && { body: request.body }),
    ...(at.remainingMs !== undefined && { remainingMs: at.remainingMs }),
  };
}

function answerOf(
  proxy: ModelProxy,
  request: HttpRequest,
  { front, maxBodyBytes = 1_000_000 }: Circumstances,
): Promise<HttpAnswer> {
  if (front === 'streaming') return serve(proxy, request);
  const fits = ({ status, body }: Pick<BufferedAnswer, 'status' | 'body'>) =>
    status >= 400 || Buffer.byteLength(body) <= maxBodyBytes;
  return serve(proxy, request, { buffered: { fits, maxBodyBytes, size: (piece) => Buffer.byteLength(piece) } });
}

async function* piecesOf({ body }: HttpAnswer): AsyncGenerator<string | Uint8Array> {
  if (typeof body === 'string' || body instanceof Uint8Array) yield body;
  else yield* body;
}
