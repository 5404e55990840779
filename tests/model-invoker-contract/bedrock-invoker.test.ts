import type { Chunk, ErrorCode } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { type InvokerScenario, type StreamScenario, testModelInvoker } from '@bedrock-proxy/testing/contract';
import {
  answerReply,
  type EmulatorReply,
  type EmulatorRequest,
  type ExceptionName,
  encodeChunkFrame,
  encodeEventStreamFrame,
  encodeExceptionFrame,
  exceptionReply,
  type ReplyPart,
  startBedrockEmulator,
  streamReply,
} from '@bedrock-proxy/testing/emulator';

const exceptions: Partial<Record<ErrorCode, ExceptionName>> = {
  throttled: 'ThrottlingException',
  upstream_validation: 'ValidationException',
  upstream_denied: 'AccessDeniedException',
  model_not_found: 'ResourceNotFoundException',
  upstream_error: 'InternalServerException',
};

const paths = {
  'invoke-model': ['invoke', 'invoke-with-response-stream'],
  converse: ['converse', 'converse-stream'],
  'count-tokens': ['count-tokens'],
};

testModelInvoker('createBedrockInvoker', async (scenario) => {
  const requests: EmulatorRequest[] = [];
  const frames: Uint8Array[] = [];
  const emulator = await startBedrockEmulator({
    respond: (request) => {
      requests.push(request);
      return replyTo(request, scenario, frames);
    },
  });
  return {
    invoker: createBedrockInvoker({
      region: 'eu-west-1',
      endpoint: emulator.url,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      maxAttempts: 1,
    }),
    received: () => requests.length,
    givenUp: () => requests.filter(({ aborted }) => aborted).length,
    sentFrames: () => Buffer.concat(frames),
    upstreamName: exceptionFor,
    stop: () => emulator.close(),
  };
});

function replyTo({ target, path }: EmulatorRequest, scenario: InvokerScenario, frames: Uint8Array[]): EmulatorReply {
  if (!target || !paths[scenario.operation].includes(target.operation)) {
    return exceptionReply('UnknownOperationException', `${path} is not ${scenario.operation}.`);
  }
  switch (scenario.type) {
    case 'answer':
      return answerReply(scenario.body, { 'content-type': scenario.contentType });
    case 'refusal':
      return exceptionReply(exceptionFor(scenario.code), 'Refused.');
    case 'silence':
      return 'stall';
    case 'stream':
      return streamReply(play(scenario, frames));
  }
}

/** The parts of a streamed answer. Adds its event frames to `sent`. */
async function* play(
  { chunks, holdLast, inOneWrite, ending }: StreamScenario,
  sent: Uint8Array[],
): AsyncGenerator<ReplyPart> {
  const frames = chunks.map(frameOf);
  const exception =
    typeof ending === 'object' ? [encodeExceptionFrame(lowerCamel(exceptionFor(ending.failure)), 'Failed.')] : [];
  if (inOneWrite) {
    sent.push(...frames);
    yield Buffer.concat([...frames, ...exception]);
    return;
  }
  for (const [index, frame] of frames.entries()) {
    if (index === frames.length - 1) await holdLast;
    sent.push(frame);
    yield frame;
  }
  yield* exception;
  if (ending === 'stall') yield 'stall';
  if (ending === 'broken') yield 'close';
}

function frameOf({ bytes, eventType }: Chunk): Uint8Array {
  if (eventType === undefined) return encodeChunkFrame(bytes);
  const headers = { ':event-type': eventType, ':content-type': 'application/json', ':message-type': 'event' };
  return encodeEventStreamFrame(headers, bytes);
}

function exceptionFor(code: ErrorCode): ExceptionName {
  const exception = exceptions[code];
  if (!exception) throw new Error(`Bedrock has no exception for ${code}.`);
  return exception;
}

function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
