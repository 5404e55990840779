import type { AnswerHead } from './front-answer.js';

/** Leads a header's name to the one it goes out under; `undefined` drops it. */
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

/** API Gateway's documented table for REST APIs. */
export const rewriteForRest: HeaderRewriting = (name) => {
  const key = name.toLowerCase();
  if (dropped.has(key)) return undefined;
  return remapped.has(key) ? `x-amzn-Remapped-${key}` : name;
};

/** A Function URL is known to remap two names; that the rest goes as for REST is unconfirmed. */
export const rewriteForFunctionUrl: HeaderRewriting = (name) =>
  name.toLowerCase() === 'content-length' ? 'x-amzn-remapped-content-length' : rewriteForRest(name);

const ownedByConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'trailer']);

/** No table is documented for HTTP APIs: all passes but what belongs to the connection. */
export const rewriteForHttpApi: HeaderRewriting = (name) =>
  ownedByConnection.has(name.toLowerCase()) ? undefined : name;

export function rewriteHeaders<Head extends AnswerHead>(head: Head, rewrite: HeaderRewriting): Head {
  const headers = head.headers.flatMap(([name, value]) => {
    const outgoing = rewrite(name);
    return outgoing === undefined ? [] : [[outgoing, value] as const];
  });
  return { ...head, headers };
}
