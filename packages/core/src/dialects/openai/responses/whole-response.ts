import type { ConverseAnswer } from '../converse-answer.js';
import type { AnswerContext } from '../converse-codec.js';
import { createOutput } from './output.js';
import { createResponseObject } from './response-object.js';
import type { ResponsesRequest } from './responses-request.js';

/** A whole answer of the Responses API. */
export function wholeResponse(
  { content, nativeStopReason, usage, tier }: ConverseAnswer,
  context: AnswerContext<ResponsesRequest>,
  model: string,
): object {
  const response = createResponseObject(context, model);
  const output = createOutput(context, () => undefined);
  for (const event of content) output.take(event);
  return response.ended({ nativeStopReason, usage, output, tier });
}
