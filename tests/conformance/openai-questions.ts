import type { DialectAnswer, DialectQuestions, DialectReading } from '@bedrock-proxy/testing/contract';

const members = { model: 'anthropic.claude-sonnet-4-6', messages: [{ role: 'user', content: 'Hi' }] };
const headers = { 'content-type': 'application/json' };
const path = '/v1/chat/completions';

/** OpenAI's own words for codes. */
const words: Readonly<Record<string, string>> = {
  missing_token: 'invalid_api_key',
  invalid_token: 'invalid_api_key',
  throttled: 'rate_limit_exceeded',
  rate_limited: 'rate_limit_exceeded',
  quota_exceeded: 'insufficient_quota',
  budget_exceeded: 'insufficient_quota',
};

/** Asks for a chat completion, and reads as a strict client does. */
export const chatQuestions: DialectQuestions = {
  whole: { request: { path, headers, body: JSON.stringify(members) }, read: readWhole },
  stream: { request: { path, headers, body: JSON.stringify({ ...members, stream: true }) }, read: readStream },
  errorCode: errorWord,
};

/** OpenAI's word for a code. */
export function errorWord(code: string): string {
  return words[code] ?? code;
}

function readWhole({ status, text }: DialectAnswer): DialectReading {
  const answer = JSON.parse(text);
  if (status !== 200) return readError(answer);
  const [{ message, finish_reason: reason }] = answer.choices;
  if (reason !== 'stop' || answer.object !== 'chat.completion') throw new Error(`Not an end: ${text}`);
  return { kind: 'done', text: message.content };
}

function readStream({ status, headers: { 'content-type': type = '' }, text: body }: DialectAnswer): DialectReading {
  if (status !== 200) return readError(JSON.parse(body));
  if (!type.startsWith('text/event-stream')) throw new Error(`Not a stream: ${type}`);
  if (body !== '' && !body.endsWith('\n\n')) throw new Error(`The last event is not complete: ${body.slice(-100)}`);
  let reading: DialectReading = { kind: 'incomplete', text: '' };
  let isFinished = false;
  for (const event of body.split('\n\n').filter((line) => line !== '' && !line.startsWith(':'))) {
    if (reading.kind !== 'incomplete') throw new Error(`Something follows the end: ${event}`);
    if (!event.startsWith('data: ') || event.includes('\n')) throw new Error(`Not one line of data: ${event}`);
    const data = event.slice('data: '.length);
    if (data === '[DONE]') {
      if (!isFinished) throw new Error('The end has no reason.');
      reading = { kind: 'done', text: reading.text };
      continue;
    }
    const chunk = JSON.parse(data);
    if (chunk.error) {
      if (isFinished) throw new Error('An error follows the reason of the end.');
      reading = { ...readError(chunk), text: reading.text };
      continue;
    }
    const [{ delta, finish_reason: reason }] = chunk.choices;
    isFinished ||= reason !== null;
    reading = { kind: 'incomplete', text: reading.text + (delta.content ?? '') };
  }
  // The reason of the end, and [DONE], are one write.
  if (isFinished && reading.kind === 'incomplete') throw new Error('A reason without [DONE].');
  return reading;
}

interface ErrorAnswer {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
}

/** Reads a refusal. */
export function readError({ error: { message, type, param, code } }: ErrorAnswer): DialectReading {
  if (!message || !type || !code || param === undefined) throw new Error('An error has a message, a type and a code.');
  return { kind: 'error', text: '', code };
}
