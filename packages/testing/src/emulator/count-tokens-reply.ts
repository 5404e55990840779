import { readConverse } from './converse/read-converse.js';
import { invalid } from './emulated-exception.js';
import { answerReply, type HttpReply } from './emulator-reply.js';
import { familyOf, modelNameOf } from './families/family-of.js';
import { hasTrait } from './families/model-traits.js';
import { isRecord, membersOf, type Payload, parsePayload } from './payload.js';
import type { ModelCall } from './read-target.js';

/** Plays CountTokens. Checks its input as the operation of the input does. Throws an `EmulatedException`. */
export function countTokensReply({ modelId, body }: Pick<ModelCall, 'modelId' | 'body'>): HttpReply {
  const modelName = modelNameOf(modelId);
  const isFoundationModel = modelId === modelName || modelId.includes('::foundation-model/');
  if (!isFoundationModel || !hasTrait(modelName, 'countsTokens')) {
    throw invalid("The provided model doesn't support counting tokens");
  }
  const { invokeModel, converse, ...others } = membersOf(parseRequest(body).input);
  // UNCONFIRMED: Bedrock's sentences for a malformed input.
  if (Object.keys(others).length > 0 || (invokeModel === undefined) === (converse === undefined)) {
    throw invalid('CountTokensInput object at input must set one of the following keys: invokeModel, converse.');
  }
  return answerReply({
    inputTokens: converse === undefined ? countInvoke(invokeModel, modelId) : countConverse(converse, modelName),
  });
}

function countInvoke(invokeModel: unknown, modelId: string): number {
  const { body } = membersOf(invokeModel);
  if (typeof body !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(body)) {
    throw invalid('The body field at input.invokeModel must be a blob in base64.');
  }
  const payload = parseRequest(Buffer.from(body, 'base64'));
  return familyOf(modelId, payload).readPrompt(payload).inputTokens;
}

function countConverse(converse: unknown, modelName: string): number {
  if (!isRecord(converse)) throw invalid('The converse field at input must be an object.');
  return readConverse(converse, modelName).inputTokens;
}

function parseRequest(bytes: Uint8Array): Payload {
  const payload = parsePayload(bytes);
  if (payload === undefined) throw invalid('Malformed input request, please reformat your input and try again.');
  return payload;
}
