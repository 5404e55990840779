import type { DialectAnswer, DialectQuestions, DialectReading } from '@bedrock-proxy/testing/contract';
import { readResponseStream } from '../openai/read-response-stream.ts';
import { responseSchema } from '../openai/response-schemas.ts';
import { errorWord, readError } from './openai-questions.ts';

const members = { model: 'anthropic.claude-sonnet-4-6', input: 'Hi' };
const headers = { 'content-type': 'application/json' };
const path = '/v1/responses';

/** Asks for a response, and reads as a strict client does. */
export const responsesQuestions: DialectQuestions = {
  whole: { request: { path, headers, body: JSON.stringify(members) }, read: readWhole },
  stream: { request: { path, headers, body: JSON.stringify({ ...members, stream: true }) }, read: readStream },
  errorCode: errorWord,
};

function readWhole({ status, text }: DialectAnswer): DialectReading {
  const answer = JSON.parse(text);
  if (status !== 200) return readError(answer);
  const response = responseSchema.parse(answer);
  if (response.status !== 'completed' || response.completed_at === null) throw new Error(`Not an end: ${text}`);
  const [message] = response.output;
  return { kind: 'done', text: message?.type === 'message' ? (message.content[0]?.text ?? '') : '' };
}

function readStream({ status, headers: { 'content-type': type = '' }, text: body }: DialectAnswer): DialectReading {
  if (status !== 200) return readError(JSON.parse(body));
  if (!type.startsWith('text/event-stream')) throw new Error(`Not a stream: ${type}`);
  const { end, text } = readResponseStream(body);
  if (!end) return { kind: 'incomplete', text };
  if (!end.error) return { kind: 'done', text };
  const { code, message } = end.error;
  if (code === 'invalid_prompt') return { kind: 'error', text, code: 'upstream_validation' };
  // A code that clients do not know is named in the message.
  const named = /\((\w+)\)$/.exec(message)?.[1];
  if ((code === 'server_error') !== (named !== undefined)) throw new Error(`The message names no code: ${message}`);
  return { kind: 'error', text, code: named ?? code };
}
