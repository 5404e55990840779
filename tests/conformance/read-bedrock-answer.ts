import type { DialectAnswer, DialectReading } from '@bedrock-proxy/testing/contract';
import { createFrameReader, type Frame } from '../../packages/core/src/bedrock/frame-reader.ts';
import { readChunkPayload } from '../../packages/core/src/bedrock/read-chunk-batches.ts';

/** The classes of Bedrock's exceptions: a refusal and a frame may name one failure differently. */
const classes: Readonly<Record<string, string>> = {
  Validation: 'validation',
  AccessDenied: 'denied',
  UnknownOperation: 'unknown operation',
  ResourceNotFound: 'not found',
  Throttling: 'throttled',
  ServiceQuotaExceeded: 'throttled',
  ServiceUnavailable: 'unavailable',
  ModelNotReady: 'unavailable',
  ModelTimeout: 'unavailable',
  InternalServer: 'failed',
  ModelError: 'failed',
  ModelStreamError: 'failed',
};

/** The class of an exception, by its name in a header or in a frame. */
function classOf(name: string): string {
  const word = name.charAt(0).toUpperCase() + name.slice(1).replace(/Exception$/, '');
  return classes[word] ?? `unknown: ${name}`;
}

/** Reads an answer of Bedrock's own API as strictly as an SDK can. */
export function readBedrockAnswer(answer: DialectAnswer): DialectReading {
  if (answer.headers['content-type'] === 'application/vnd.amazon.eventstream') return readStream(answer);
  const body = JSON.parse(answer.text);
  if (answer.status === 200) return { kind: 'done', text: textOfWhole(body) };
  if (typeof body.message !== 'string' || body.message === '') throw new Error('A refusal has a sentence.');
  return { kind: 'error', text: '', code: classOf(answer.headers['x-amzn-errortype'] ?? '') };
}

interface TextBlock {
  readonly text?: string;
}

function textOfWhole(body: { content?: TextBlock[]; output?: { message: { content: TextBlock[] } } }): string {
  return (body.content ?? body.output?.message.content ?? []).map(({ text = '' }) => text).join('');
}

function readStream({ body, isComplete }: DialectAnswer): DialectReading {
  let text = '';
  let isEnded = false;
  let failure: string | undefined;
  const reader = createFrameReader();
  const corruption = reader.push(body, (frame) => {
    if (failure !== undefined) throw new Error('A frame follows an exception.');
    const exception = exceptionOf(frame);
    if (exception !== undefined) {
      failure = exception;
      return;
    }
    const event = eventOf(frame);
    text += event.text;
    isEnded ||= event.endsAnswer;
  });
  if (corruption) throw corruption;
  if (isComplete) reader.end();
  if (failure !== undefined) return { kind: 'error', text, code: failure };
  return isComplete && isEnded ? { kind: 'done', text } : { kind: 'incomplete', text };
}

function exceptionOf({ headers, bytes, start, end }: Frame): string | undefined {
  if (headers.get(':message-type') !== 'exception') return undefined;
  const { message } = JSON.parse(bytes.toString('utf8', start, end));
  if (typeof message !== 'string' || message === '') throw new Error('An exception has a sentence.');
  return classOf(headers.get(':exception-type') ?? '');
}

function eventOf(frame: Frame): { readonly text: string; readonly endsAnswer: boolean } {
  const type = frame.headers.get(':event-type');
  const bytes = type === 'chunk' ? readChunkPayload(frame) : frame.bytes.subarray(frame.start, frame.end);
  const payload = readJson(Buffer.from(bytes ?? '').toString());
  return {
    text: payload?.delta?.text ?? '',
    endsAnswer: type === 'messageStop' || Boolean(payload?.delta?.stop_reason),
  };
}

/** A frame passes with whatever it holds. What is not JSON means nothing here; the end tells of it. */
function readJson(text: string): { readonly delta?: TextBlock & { readonly stop_reason?: string } } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
