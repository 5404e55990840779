import type { CallMeta, ReportedTokens } from '../ports/model-invoker.js';

/** Response headers by lower-case name. */
export type ResponseHeaders = Readonly<Record<string, string | undefined>>;

const responseHeaders: unique symbol = Symbol('response headers');

const tokenHeaders: Readonly<Record<keyof ReportedTokens, string>> = {
  inputTokens: 'x-amzn-bedrock-input-token-count',
  outputTokens: 'x-amzn-bedrock-output-token-count',
  cacheReadTokens: 'x-amzn-bedrock-cache-read-input-token-count',
  cacheWriteTokens: 'x-amzn-bedrock-cache-write-input-token-count',
};

/** What the SDK says of an answer or an error in `$metadata`. */
export interface ResponseMetadata {
  readonly httpStatusCode?: number | undefined;
  readonly requestId?: string | undefined;
  readonly attempts?: number | undefined;
  [responseHeaders]?: ResponseHeaders;
}

/** Keeps the response headers beside the metadata of an answer, where the SDK would drop them. */
export function keepResponseHeaders(metadata: ResponseMetadata | undefined, response: unknown): void {
  if (metadata) metadata[responseHeaders] = headersOf(response);
}

/** The headers of an SDK response; empty where it is none. */
export function headersOf(response: unknown): ResponseHeaders {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return {};
  return response.headers as ResponseHeaders;
}

/** What is known of a call from its metadata and its response headers, captured ones by default. */
export function callMetaOf(
  metadata: ResponseMetadata,
  headers: ResponseHeaders = metadata[responseHeaders] ?? {},
): CallMeta {
  const counts = Object.entries(tokenHeaders).flatMap(([counter, name]) => {
    const value = headers[name];
    return value !== undefined && /^\d+$/.test(value) ? [[counter, Number(value)] as const] : [];
  });
  return {
    attempts: metadata.attempts ?? 1,
    ...(metadata.requestId !== undefined && { upstreamRequestId: metadata.requestId }),
    ...(counts.length > 0 && { reportedTokens: Object.fromEntries(counts) }),
  };
}
