import type { JsonObject } from '../../../models/json-object.js';
import type { Usage } from '../../../ports/model-invoker.js';
import { finishReasonOf, tokenCounts } from '../answer-end.js';
import type { AnswerContext } from '../converse-codec.js';
import type { Output } from './output.js';
import type { ResponsesRequest } from './responses-request.js';

/** How an answer ended. */
export interface ResponseEnd {
  readonly nativeStopReason: string | undefined;
  readonly usage: Usage;
  readonly output: Output;
  /** The service tier that Bedrock names. */
  readonly tier?: string | undefined;
}

/** The object `response` in its states. It always has all members: strict readers want them. */
export interface ResponseObject {
  inProgress(): JsonObject;
  /** Finishes the output. The state is `completed`, or `incomplete` if the model was cut or filtered. */
  ended(end: ResponseEnd): JsonObject;
  failed(error: { readonly code: string; readonly message: string }, output: readonly JsonObject[]): JsonObject;
}

/** An object of a response that is created now. */
export function createResponseObject(
  { request, requestId }: Pick<AnswerContext<ResponsesRequest>, 'request' | 'requestId'>,
  model: string,
): ResponseObject {
  const created = now();

  const object = (status: string, members: JsonObject) => ({
    id: `resp_${requestId}`,
    object: 'response',
    created_at: created,
    completed_at: null,
    status,
    error: null,
    incomplete_details: null,
    model,
    output: [],
    usage: null,
    ...request.echo,
    ...members,
  });

  return {
    inProgress: () => object('in_progress', {}),
    ended({ nativeStopReason, usage, output, tier }) {
      const reason = incompleteReasonOf(nativeStopReason);
      const members = {
        output: output.finish(reason !== undefined),
        usage: responseUsage(usage),
        ...(tier !== undefined && { service_tier: tier }),
      };
      if (reason !== undefined) return object('incomplete', { ...members, incomplete_details: { reason } });
      return object('completed', { ...members, completed_at: now() });
    },
    failed: (error, output) => object('failed', { error, output }),
  };
}

function now(): number {
  return Math.floor(Date.now() / 1_000);
}

function incompleteReasonOf(nativeStopReason: string | undefined): string | undefined {
  const reason = finishReasonOf(nativeStopReason, false);
  if (reason === 'length') return 'max_output_tokens';
  return reason === 'content_filter' ? reason : undefined;
}

/** Clients decide by the total when to shorten a conversation. */
function responseUsage(usage: Usage): JsonObject {
  const { input, output, cacheRead, cacheWrite } = tokenCounts(usage);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  };
}
