import type { DialectAnswer, DialectQuestions, DialectReading } from '@bedrock-proxy/testing/contract';

const path = '/v1/messages';
const headers = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' };
const members = { model: 'claude-sonnet-4-6', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] };

/** Asks Claude as Anthropic's clients do, and reads as they do. */
export const anthropicQuestions = {
  whole: { request: { path, headers, body: JSON.stringify(members) }, read: readWhole },
  stream: { request: { path, headers, body: JSON.stringify({ ...members, stream: true }) }, read: readStream },
  errorCode: () => 'error',
} satisfies DialectQuestions;

interface ErrorObject {
  readonly type: string;
  readonly error: { readonly type: string; readonly message: string };
  readonly request_id?: string;
}

function readWhole({ status, text }: DialectAnswer): DialectReading {
  const answer = JSON.parse(text);
  if (status !== 200) return readError(answer);
  return { kind: 'done', text: answer.content.map((block: { readonly text: string }) => block.text).join('') };
}

function readStream(answer: DialectAnswer): DialectReading {
  if (!answer.headers['content-type']?.startsWith('text/event-stream')) return readError(JSON.parse(answer.text));
  if (answer.text !== '' && !answer.text.endsWith('\n\n')) throw new Error('The last event is not complete.');
  let reading: DialectReading = { kind: 'incomplete', text: '' };
  for (const event of answer.text.split('\n\n').filter((one) => one !== '')) {
    if (reading.kind !== 'incomplete') throw new Error(`Something follows the end: ${event}`);
    reading = readEvent(event, reading.text);
  }
  return reading;
}

function readEvent(event: string, text: string): DialectReading {
  const [, name, data = ''] = /^event: (\w+)\ndata: ([^\r\n]+)$/.exec(event) ?? [];
  const value = JSON.parse(data);
  if (value.type !== name) throw new Error(`The event ${name} holds ${data}`);
  if (name === 'message_stop') return { kind: 'done', text };
  if (name === 'error') return { ...readError(value), text };
  const delta = value.delta?.type === 'text_delta' ? value.delta.text : '';
  return { kind: 'incomplete', text: text + delta };
}

/** Anthropic has fewer types of errors than the proxy has codes, so that only their form is read. */
function readError({ type, error, request_id: requestId }: ErrorObject): DialectReading {
  if (type !== 'error' || !error.type || !error.message) throw new Error('An error has a type and a message.');
  return { kind: 'error', text: '', code: 'error', ...(requestId !== undefined && { requestId }) };
}
