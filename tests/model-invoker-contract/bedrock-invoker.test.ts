import type { ErrorCode } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { type InvokerScenario, type StreamScenario, testModelInvoker } from '@bedrock-proxy/testing/contract';
import {
  answerReply,
  type EmulatorReply,
  type EmulatorRequest,
  type ExceptionName,
  encodeChunkFrame,
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

testModelInvoker('createBedrockInvoker', async (scenario) => {
  const requests: EmulatorRequest[] = [];
  const emulator = await startBedrockEmulator({
    respond: (request) => {
      requests.push(request);
      return replyTo(scenario);
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
    stop: () => emulator.close(),
  };
});

function replyTo(scenario: InvokerScenario): EmulatorReply {
  switch (scenario.type) {
    case 'answer':
      return answerReply(scenario.body, { 'content-type': scenario.contentType });
    case 'refusal':
      return exceptionReply(exceptionFor(scenario.code), 'Refused.');
    case 'silence':
      return 'stall';
    case 'stream':
      return streamReply(play(scenario));
  }
}

async function* play({ chunks, holdLast, ending }: StreamScenario): AsyncGenerator<ReplyPart> {
  for (const chunk of chunks.slice(0, -1)) yield encodeChunkFrame(chunk);
  await holdLast;
  for (const chunk of chunks.slice(-1)) yield encodeChunkFrame(chunk);
  if (ending === 'stall') yield 'stall';
  else if (ending === 'broken') yield 'close';
  else if (ending !== 'end') yield encodeExceptionFrame(lowerCamel(exceptionFor(ending.failure)), 'Failed.');
}

function exceptionFor(code: ErrorCode): ExceptionName {
  const exception = exceptions[code];
  if (!exception) throw new Error(`no exception of Bedrock's is known for ${code}`);
  return exception;
}

function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
