import type { Answer } from './ask.ts';

/** The proxy's own error object. */
export interface ErrorObject {
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
}

/** The error that an answer holds; undefined where it holds none of the proxy's. */
export function errorIn({ text }: Pick<Answer, 'text'>): ErrorObject | undefined {
  return readError(parse(text));
}

/** The error of a parsed value `{ error: … }`. */
export function readError(value: unknown): ErrorObject | undefined {
  if (!isObject(value) || !isObject(value['error'])) return undefined;
  const { code, message, requestId } = value['error'];
  const isComplete = typeof code === 'string' && typeof message === 'string' && typeof requestId === 'string';
  return isComplete ? { code, message, requestId } : undefined;
}

/** JSON, or undefined. */
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
