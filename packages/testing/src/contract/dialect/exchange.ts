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
import type { DialectAnswer, DialectRequest } from './dialect-setup.js';
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
export interface Circumstances {
  readonly front: FrontKind;
  readonly script?: ModelScript;
  readonly access?: AccessPolicy;
  readonly remainingMs?: number;
  /** The client's own signal. */
  readonly signal?: AbortSignal;
  /** The bytes that a buffered front can send. */
  readonly maxBodyBytes?: number;
  /** Sees every piece of a streamed answer as it comes. */
  readonly onPiece?: (piece: Uint8Array) => void;
}

/** A request and its answer. */
export interface Exchange extends DialectAnswer {
  readonly front: FrontKind;
  readonly requestId: string;
  /** The writes of a streamed answer. */
  readonly pieces: readonly Uint8Array[];
  /** Milliseconds until the head of the answer. */
  readonly headMs: number;
  readonly records: readonly RequestRecord[];
  readonly model: ScriptedModel;
}

const silent = { info: () => {}, warn: () => {}, error: () => {} };
let requests = 0;

/** Sends a request through a proxy that has this dialect alone. */
export async function exchange(
  dialect: Dialect,
  asked: DialectRequest,
  circumstances: Circumstances,
): Promise<Exchange> {
  const { script, access = allowAnonymous(), onPiece } = circumstances;
  const model = new ScriptedModel(script);
  const records: RequestRecord[] = [];
  const proxy = createProxy({
    ...{ invoker: model, access, dialects: [dialect], limits, logger: silent },
    listedModels: ['amazon.nova-lite-v1:0', 'anthropic.claude-sonnet-4-6'],
    onRequestEnd: (record) => void records.push(record),
  });
  const request = httpRequest(asked, circumstances);
  const began = performance.now();
  const answer = await answerOf(proxy, request, circumstances);
  const headMs = performance.now() - began;
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOf(answer)) {
    const bytes = Buffer.from(piece);
    pieces.push(bytes);
    onPiece?.(bytes);
  }
  const body = Buffer.concat(pieces);
  await answer.close({ bytesOut: body.length, clientLeft: request.signal.aborted });
  return {
    ...answerSoFar(answer, body, true),
    ...{ front: circumstances.front, requestId: request.requestId, pieces, headMs, records, model },
  };
}

/** The answer to a client that has received `body` of it. */
export function answerSoFar(
  { status, headers }: Pick<DialectAnswer, 'status' | 'headers'>,
  body: Uint8Array,
  isComplete: boolean,
): DialectAnswer {
  const byName = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { status, headers: Object.fromEntries(byName), body, text: new TextDecoder().decode(body), isComplete };
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
