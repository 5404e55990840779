import type { AnswerHead } from './front-answer.js';

/** Returns the name under which a response header is sent, or `undefined` to remove the header. */
export type HeaderRewriting = (name: string) => string | undefined;

const remapped = new Set([
  'authorization',
  'connection',
  'content-md5',
  'date',
  'max-forwards',
  'server',
  'user-agent',
  'www-authenticate',
  // UNCONFIRMED: the gateway has its own header of this name.
  'x-amzn-requestid',
]);
const dropped = new Set([
  'expect',
  'host',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);

/** Source: the API Gateway documentation for REST APIs. */
export const rewriteForRest: HeaderRewriting = (name) => {
  const key = name.toLowerCase();
  if (dropped.has(key)) return undefined;
  return remapped.has(key) ? `x-amzn-Remapped-${key}` : name;
};

/** Two names are known to be remapped by Function URLs. For all others, the rules of REST APIs are assumed. */
export const rewriteForFunctionUrl: HeaderRewriting = (name) =>
  name.toLowerCase() === 'content-length' ? 'x-amzn-remapped-content-length' : rewriteForRest(name);

const ownedByConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'trailer']);

/** AWS documents no rules for HTTP APIs, so only connection headers are removed. */
export const rewriteForHttpApi: HeaderRewriting = (name) =>
  ownedByConnection.has(name.toLowerCase()) ? undefined : name;

export function rewriteHeaders<Head extends AnswerHead>(head: Head, rewrite: HeaderRewriting): Head {
  const headers = head.headers.flatMap(([name, value]) => {
    const outgoing = rewrite(name);
    return outgoing === undefined ? [] : [[outgoing, value] as const];
  });
  return { ...head, headers };
}
