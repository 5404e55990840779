import type { ResponseHeaders } from './call-meta.js';

/**
 * The error of an answer of 300 or more: under the name that Bedrock gives it in `x-amzn-errortype` or, failing that, in the body, and
 * with the sentence of the body. A body without either, such as a gateway's page, is named by its status alone.
 */
export function errorOfResponse(status: number, headers: ResponseHeaders, body: Uint8Array): Error {
  const document = parse(body);
  const name = [headers['x-amzn-errortype'], document['code'], document['__type']].find(isText);
  const sentence = [document['message'], document['Message']].find(isText);
  return Object.assign(new Error(sentence ?? `HTTP status ${status} without a reason`), {
    name: /^(?:.*#)?([^,:#]+)/.exec(name ?? '')?.[1] ?? 'Unknown',
  });
}

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
