import type { CallMeta, Usage } from '../ports/model-invoker.js';

/** Response headers by lower-case name. */
export type ResponseHeaders = Readonly<Record<string, string | undefined>>;

/** What the SDK says of an answer or an error in `$metadata`. */
export interface ResponseMetadata {
  readonly httpStatusCode?: number | undefined;
  readonly requestId?: string | undefined;
  readonly attempts?: number | undefined;
}

const tokenHeaders: Readonly<Record<keyof Usage, string>> = {
  inputTokens: 'x-amzn-bedrock-input-token-count',
  outputTokens: 'x-amzn-bedrock-output-token-count',
  cacheReadTokens: 'x-amzn-bedrock-cache-read-input-token-count',
  cacheWriteTokens: 'x-amzn-bedrock-cache-write-input-token-count',
};

/** Bedrock's own headers. */
const ownHeader = /^x-amzn-(?:requestid$|bedrock-)/;

/** The headers of an SDK response; empty where it is none. */
export function headersOf(response: unknown): ResponseHeaders {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return {};
  return response.headers as ResponseHeaders;
}

/** The facts about a call in its metadata and its response headers. */
export function callMetaOf({ attempts = 1, requestId }: ResponseMetadata, headers: ResponseHeaders): CallMeta {
  const own = Object.entries(headers).filter(([name, value]) => value !== undefined && ownHeader.test(name));
  const counts = Object.entries(tokenHeaders).flatMap(([counter, name]) => {
    const value = headers[name];
    return value !== undefined && /^\d+$/.test(value) ? [[counter, Number(value)] as const] : [];
  });
  return {
    attempts,
    ...(requestId !== undefined && { upstreamRequestId: requestId }),
    ...(counts.length > 0 && { reportedTokens: Object.fromEntries(counts) }),
    ...(own.length > 0 && { headers: Object.fromEntries(own) as Record<string, string> }),
  };
}
