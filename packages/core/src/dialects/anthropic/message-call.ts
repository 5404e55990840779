import type { ParsedCall } from '../dialect.js';
import type { WritableCall } from '../writable-call.js';
import { type CallContext, refusesBeta } from './call-context.js';
import { cutBedrockMembers } from './cut-bedrock-members.js';
import { messageEvents } from './message-events.js';
import { isClaudeId, unknownModel } from './model-names.js';
import type { MessagesRequest } from './read-request.js';
import { type RequestShape, shapeRequest } from './shape-request.js';

/** A call for an answer. `plainly` leaves out all betas, because the model refused one of them. */
export function messageCall(context: CallContext, request: MessagesRequest, plainly = false): ParsedCall {
  const { requestId, modelId, stream, options, notes } = request;
  const headers = { 'request-id': requestId };
  let shape: RequestShape | undefined;
  let askedId = '';
  const call: WritableCall = {
    operation: 'invoke-model',
    modelId,
    stream,
    ...(options && { options }),
    idOf: context.idOf,
    bodies({ id, alias, settings }) {
      if (!isClaudeId(id)) throw unknownModel(alias ?? id);
      askedId = id;
      const withoutBetas = plainly || context.withoutBetas.has(id);
      shape = shapeRequest(request, context.rules, { withoutBetas, ...(settings && { settings }) });
      const { dropped } = shape;
      call.answerHeaders = dropped === undefined ? headers : { ...headers, 'x-proxy-dropped': dropped };
      call.notes = dropped === undefined ? notes : { ...notes, dropped };
      return [shape.body];
    },
    answerHeaders: headers,
    notes,
    whole: ([answer]) => ({
      headers: { 'content-type': answer?.contentType ?? 'application/json' },
      body: cutBedrockMembers(answer?.body ?? Buffer.of()),
    }),
    encoder: messageEvents,
    recover(error) {
      if (!shape?.hasBetas || !refusesBeta(error)) return undefined;
      context.withoutBetas.add(askedId);
      return messageCall(context, request, true);
    },
  };
  return call;
}
