import { isDeepStrictEqual } from 'node:util';
import { type InvocationResult, readStreamedText } from '@bedrock-proxy/testing/lambda';
import { createParser } from 'eventsource-parser';

/** An answer as a client reads it. */
export interface Outcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly text: string;
  /** Every terminal of the answer, in order: `done`, or the code of an error. */
  readonly terminals: readonly string[];
  /** Whether the answer was one error object, and no stream. */
  readonly isPlainError: boolean;
  /** When the last byte came, in milliseconds of `performance.now()`. */
  readonly endedAt: number;
}

interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly requestId: string };
}

/** Reads an answer to its end. Throws if it is malformed. */
export async function readOutcome(result: InvocationResult): Promise<Outcome> {
  if (result.mode === 'streamed') {
    const { statusCode = 0, headers = {} } = result.prelude ?? {};
    const body = await readStreamedText(result);
    const { error } = await result.trailers;
    if (error !== undefined) throw new Error(`the handler threw: ${error.errorMessage}`);
    return interpretAnswer(statusCode, headers, body);
  }
  const { statusCode, headers, body } = result.payload as {
    statusCode: number;
    headers: Record<string, string>;
    body: string;
  };
  return interpretAnswer(statusCode, headers, body);
}

/** Reads the body of an answer that has just ended. Throws if it is malformed. */
export function interpretAnswer(status: number, headers: Readonly<Record<string, string>>, body: string): Outcome {
  const endedAt = performance.now();
  const type = headers['content-type'] ?? '';
  const items = type.startsWith('text/event-stream') ? readEvents(body) : readJson(body);
  let text = '';
  const terminals: string[] = [];
  for (const item of items) {
    if (isObject(item) && typeof item['content'] === 'string') {
      if (item['content'] === '') throw new Error('an empty piece of text');
      if (terminals.length > 0) throw new Error('text after the terminal');
      text += item['content'];
    } else terminals.push(readTerminal(item));
  }
  const isPlainError = type.startsWith('application/json') && body.startsWith('{"error"');
  return { status, headers, body, text, terminals, isPlainError, endedAt };
}

function readTerminal(item: unknown): string {
  if (item === '[DONE]' || isDeepStrictEqual(item, { done: true })) return 'done';
  if (isObject(item) && isObject(item['error'])) {
    const { error } = item as unknown as ErrorBody;
    if (!error.code || !error.message || !error.requestId)
      throw new Error(`an error that says too little: ${JSON.stringify(item)}`);
    return error.code;
  }
  throw new Error(`neither text nor terminal: ${JSON.stringify(item)}`);
}

function readEvents(body: string): unknown[] {
  const items: unknown[] = [];
  const parser = createParser({
    onEvent: ({ data }) => items.push(data === '[DONE]' ? data : JSON.parse(data)),
    onError(error) {
      throw error;
    },
  });
  parser.feed(body);
  if (!body.endsWith('\n\n')) throw new Error('the last event was not ended');
  return items;
}

function readJson(body: string): unknown[] {
  const value: unknown = JSON.parse(body);
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
