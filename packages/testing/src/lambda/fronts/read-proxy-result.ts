import { isResponsePrelude } from '../read-prelude.js';
import { answerHead, type FrontAnswer } from './front-answer.js';

/** The rules of a gateway for proxy results. */
export interface ProxyResultRules {
  readonly defaultContentType: string;
  /** Whether any other result is used as the body, as in payload format 2.0. */
  readonly infersAnswer: boolean;
  readonly allowsMultiValueHeaders: boolean;
  readonly allowsCookies: boolean;
  /** Whether a body with `isBase64Encoded` is decoded for this request. */
  readonly decodesBase64: boolean;
}

/** Converts the result of a buffered handler to an answer. Returns `undefined` if the result is malformed. */
export function readProxyResult(payload: unknown, rules: ProxyResultRules): FrontAnswer | undefined {
  const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
  if (rules.infersAnswer && !(isObject && 'statusCode' in payload)) {
    return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(JSON.stringify(payload)) };
  }
  if (!isObject || !('statusCode' in payload) || !isResponsePrelude(payload)) return undefined;
  const { body, isBase64Encoded } = payload as { readonly body?: unknown; readonly isBase64Encoded?: unknown };
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined;
  if (isBase64Encoded !== undefined && typeof isBase64Encoded !== 'boolean') return undefined;
  const { statusCode = 200, headers = {}, multiValueHeaders = {}, cookies = [] } = payload;
  const head = answerHead(
    {
      statusCode,
      headers,
      multiValueHeaders: rules.allowsMultiValueHeaders ? multiValueHeaders : {},
      cookies: rules.allowsCookies ? cookies : [],
    },
    rules.defaultContentType,
  );
  const encoding = isBase64Encoded === true && rules.decodesBase64 ? 'base64' : 'utf8';
  return { ...head, body: Buffer.from(body ?? '', encoding) };
}
