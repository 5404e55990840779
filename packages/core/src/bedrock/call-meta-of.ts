import type { ResponseHeaders } from '../aws/create-http-transport.js';
import type { CallMeta, Usage } from '../ports/model-invoker.js';

/** The `$metadata` that the SDK adds to answers and errors. */
export interface ResponseMetadata {
  readonly httpStatusCode?: number | undefined;
  readonly requestId?: string | undefined;
  readonly attempts?: number | undefined;
}

/** The counters of usage, by the headers that report them. */
const counters: ReadonlyMap<string, Exclude<keyof Usage, 'cacheWrite1hTokens'>> = new Map([
  ['x-amzn-bedrock-input-token-count', 'inputTokens'],
  ['x-amzn-bedrock-output-token-count', 'outputTokens'],
  ['x-amzn-bedrock-cache-read-input-token-count', 'cacheReadTokens'],
  ['x-amzn-bedrock-cache-write-input-token-count', 'cacheWriteTokens'],
]);

/** The headers of a response; empty if the value is not a response. */
export function headersOf(response: unknown): ResponseHeaders {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return {};
  return response.headers as ResponseHeaders;
}

/** The metadata of a call, from `$metadata` and the response headers. */
export function callMetaOf({ attempts = 1, requestId }: ResponseMetadata, headers: ResponseHeaders): CallMeta {
  // Bedrock's own headers.
  let own: Record<string, string> | undefined;
  let reportedTokens: Usage | undefined;
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (typeof value !== 'string' || !(name.startsWith('x-amzn-bedrock-') || name === 'x-amzn-requestid')) continue;
    own = { ...own, [name]: value };
    const counter = counters.get(name);
    if (counter !== undefined && /^\d+$/.test(value)) {
      reportedTokens = { ...reportedTokens, [counter]: Number(value) };
    }
  }
  return {
    attempts,
    ...(requestId !== undefined && { upstreamRequestId: requestId }),
    ...(reportedTokens && { reportedTokens }),
    ...(own && { headers: own }),
  };
}

/** The seconds that the host asks to wait, from a number or an HTTP date, or from AWS's own header in milliseconds; undefined if it asks for none. Never negative. */
export function readRetryAfter(headers: ResponseHeaders): number | undefined {
  const milliseconds = String(headers['x-amz-retry-after'] ?? '');
  const value = String(headers['retry-after'] ?? '');
  if (value === '' && /^\d{1,15}$/.test(milliseconds)) return Number(milliseconds) / 1_000;
  if (/^\d{1,12}(?:\.\d{1,12})?$/.test(value)) return Number(value);
  const date = /^[A-Za-z]{3}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max((date - Date.now()) / 1_000, 0);
}
