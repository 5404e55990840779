import { converseReply } from './converse/converse-reply.js';
import { countTokensReply } from './count-tokens-reply.js';
import { EmulatedException, exceptionReply } from './emulated-exception.js';
import type { HttpReply } from './emulator-reply.js';
import type { EmulatorRequest } from './emulator-request.js';
import { invokeReply } from './invoke-reply.js';
import { type ModelCall, type ModelManners, type ModelTarget, operations } from './read-target.js';

const replies: Readonly<Record<ModelTarget['operation'], (call: ModelCall) => HttpReply>> = {
  invoke: invokeReply,
  'invoke-with-response-stream': invokeReply,
  converse: converseReply,
  'converse-stream': converseReply,
  'count-tokens': countTokensReply,
};

/** The answer of the model in the request, or Bedrock's refusal of the request. */
export function modelReply({ target, body, headers, method, path }: EmulatorRequest, manners: ModelManners): HttpReply {
  if (target === undefined) {
    return exceptionReply(
      'UnknownOperationException',
      `The emulator plays POST /model/{modelId}/{operation}, where the operation is one of ${operations.join(', ')}. ` +
        `It does not support ${method} ${path}.`,
    );
  }
  try {
    return replies[target.operation]({ ...target, ...manners, headers, body });
  } catch (error) {
    if (error instanceof EmulatedException) return exceptionReply(error.name, error.message);
    throw error;
  }
}
