import type { Answer } from './ask.ts';

/** The `error` member of the proxy's error responses. */
export interface ErrorObject {
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
}

/** The error object in an answer. Undefined if the answer has no error object of the proxy. */
export function errorIn({ text }: Pick<Answer, 'text'>): ErrorObject | undefined {
  return readError(parse(text));
}

/** The error object in a parsed value of the form `{ error: … }`. */
export function readError(value: unknown): ErrorObject | undefined {
  if (!isObject(value) || !isObject(value['error'])) return undefined;
  const { code, message, requestId } = value['error'];
  const isComplete = typeof code === 'string' && typeof message === 'string' && typeof requestId === 'string';
  return isComplete ? { code, message, requestId } : undefined;
}

/** Parses JSON. Returns undefined if the text is not JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
