import type { ResponseHeaders } from './call-meta.js';

/**
 * The error of an answer of 300 or more: under the name that Bedrock gives it in `x-amzn-errortype` or, failing that, in the body, and
 * with the sentence of the body. A body without either, such as a gateway's page, is named by its status alone.
 */
export function errorOfResponse(status: number, headers: ResponseHeaders, body: Uint8Array): Error {
  const document = parse(body);
  const sent = [headers['x-amzn-errortype'], document['code'], document['__type']].find(isText) ?? '';
  // `namespace#Name:http://where.it/is#defined`
  const name = sent.split(/[,:]/, 1).join('').replace(/^.*#/s, '') || 'Unknown';
  const sentence = [document['message'], document['Message']].find(isText);
  return Object.assign(new Error(sentence ?? `HTTP status ${status} without a reason`), {
    name,
    ...(retryable.has(name) && { $retryable: {} }),
    // By this a wrong clock is set right where the answer has no date.
    ...(isText(document['ServerTime']) && { ServerTime: document['ServerTime'] }),
  });
}

/** What the service's model says is worth another attempt, whatever its status. */
const retryable: ReadonlySet<string> = new Set(['ModelNotReadyException']);

function parse(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    if (typeof document === 'object' && document !== null) return document as Readonly<Record<string, unknown>>;
  } catch {
    // A page of some gateway: its status has to do.
  }
  return {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
