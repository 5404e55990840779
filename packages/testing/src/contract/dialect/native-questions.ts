import { isDeepStrictEqual } from 'node:util';
import type { DialectAnswer, DialectQuestions, DialectReading } from './dialect-setup.js';

const members = {
  modelId: 'anthropic.claude-sonnet-4-6',
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 9,
  messages: [{ role: 'user', content: 'Hi' }],
};
const headers = { 'content-type': 'application/json' };

/** Asks Claude in the native dialect, and reads as its clients do. */
export const nativeQuestions: DialectQuestions = {
  whole: { request: { path: '/chat', headers, body: JSON.stringify(members) }, read: readWhole },
  stream: { request: { path: '/chat', headers, body: JSON.stringify({ ...members, stream: true }) }, read: readStream },
};

interface ErrorObject {
  readonly error: { readonly code: string; readonly message: string; readonly requestId: string };
}

function readWhole({ status, text }: DialectAnswer): DialectReading {
  const answer = JSON.parse(text);
  if (status !== 200) return readError(answer);
  return { kind: 'done', text: answer.content.map((block: { readonly text: string }) => block.text).join('') };
}

function readStream(answer: DialectAnswer): DialectReading {
  const type = answer.headers['content-type'] ?? '';
  if (type.startsWith('text/event-stream')) return readItems(readEvents(answer.text));
  const body: unknown = JSON.parse(answer.text);
  return Array.isArray(body) ? readItems(body) : readError(body as ErrorObject);
}

function readItems(items: readonly unknown[]): DialectReading {
  let reading: DialectReading = { kind: 'incomplete', text: '' };
  for (const item of items) {
    if (reading.kind !== 'incomplete') throw new Error(`Something follows the end: ${JSON.stringify(item)}`);
    reading = readItem(item, reading.text);
  }
  return reading;
}

function readItem(item: unknown, text: string): DialectReading {
  if (item === '[DONE]' || isDeepStrictEqual(item, { done: true })) return { kind: 'done', text };
  if (typeof item !== 'object' || item === null) throw new Error(`An unknown item: ${JSON.stringify(item)}`);
  if ('content' in item && typeof item.content === 'string') return { kind: 'incomplete', text: text + item.content };
  return { ...readError(item as ErrorObject), text };
}

function readError({ error }: ErrorObject): DialectReading {
  const { code, message, requestId } = error;
  if (!code || !message || !requestId) throw new Error('An error has a code, a message and a request id.');
  return { kind: 'error', text: '', code, requestId };
}

function readEvents(text: string): readonly unknown[] {
  if (text !== '' && !text.endsWith('\n\n')) throw new Error(`The last event is not complete: ${text.slice(-100)}`);
  const events = text.split('\n\n').filter((event) => event !== '' && !event.startsWith(':'));
  return events.map((event) => {
    const [, data] = /^data: (.*)$/.exec(event) ?? [];
    if (data === undefined) throw new Error(`An event is not one line of data: ${event}`);
    return data === '[DONE]' ? data : JSON.parse(data);
  });
}
