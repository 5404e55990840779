import type { CallMeta, Usage } from '../ports/model-invoker.js';

/** Response headers by lower-case name. */
export type ResponseHeaders = Readonly<Record<string, string | undefined>>;

/** The `$metadata` that the SDK adds to answers and errors. */
export interface ResponseMetadata {
  readonly httpStatusCode?: number | undefined;
  readonly requestId?: string | undefined;
  readonly attempts?: number | undefined;
}

const tokenHeaders: Readonly<Record<Exclude<keyof Usage, 'cacheWrite1hTokens'>, string>> = {
  inputTokens: 'x-amzn-bedrock-input-token-count',
  outputTokens: 'x-amzn-bedrock-output-token-count',
  cacheReadTokens: 'x-amzn-bedrock-cache-read-input-token-count',
  cacheWriteTokens: 'x-amzn-bedrock-cache-write-input-token-count',
};

/** The headers of Bedrock itself. */
const ownHeader = /^x-amzn-(?:requestid$|bedrock-)/;

/** The headers of an SDK response; empty if the value is not a response. */
export function headersOf(response: unknown): ResponseHeaders {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return {};
  return response.headers as ResponseHeaders;
}

/** The metadata of a call, from `$metadata` and the response headers. */
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

/** The seconds that the host asks to wait, from a number or an HTTP date, or from AWS's own header in milliseconds; undefined if it asks for none. Never negative. */
export function readRetryAfter(headers: ResponseHeaders): number | undefined {
  const milliseconds = headers['x-amz-retry-after'] ?? '';
  const value = headers['retry-after'] ?? '';
  if (value === '' && /^\d{1,15}$/.test(milliseconds)) return Number(milliseconds) / 1_000;
  if (/^\d{1,12}(?:\.\d{1,12})?$/.test(value)) return Number(value);
  const date = /^[A-Za-z]{3}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max((date - Date.now()) / 1_000, 0);
}
