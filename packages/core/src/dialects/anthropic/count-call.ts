import type { ProxyError } from '../../errors/proxy-error.js';
import { countAt, isJsonObject } from '../../models/json-object.js';
import type { TopLevelMember } from '../../request/json-scan.js';
import type { ParsedCall, PlainAnswer } from '../dialect.js';
import type { WritableCall } from '../writable-call.js';
import { type CallContext, refusesBeta, upstreamSentence } from './call-context.js';
import { estimateTokens } from './estimate-tokens.js';
import { messageEvents } from './message-events.js';
import { isClaudeId, unknownModel } from './model-names.js';
import { type MessagesRequest, parseSmall } from './read-request.js';
import { type RequestShape, shapeRequest } from './shape-request.js';

const timeoutMs = 3_000;
const json = 'application/json';

/** A call for a count. Where Bedrock does not count for a model, the answer is an estimate, and says so. */
export function countCall(context: CallContext, request: MessagesRequest, plainly = false): ParsedCall {
  const { requestId, modelId, notes } = request;
  const headers = { 'request-id': requestId };
  let shape: RequestShape | undefined;
  let askedId = '';
  function estimate(): PlainAnswer {
    return {
      status: 200,
      headers: { 'content-type': json, ...call.answerHeaders, 'x-proxy-estimate': 'true' },
      body: JSON.stringify({ input_tokens: estimateTokens(request.object) }),
      notes: { ...call.notes, estimated: true },
    };
  }

  const call: WritableCall = {
    operation: 'count-tokens',
    modelId,
    stream: false,
    timeoutMs,
    idOf: context.idOf,
    askedAs: (id) => countedId(id) ?? id,
    bodies({ id, alias, settings }) {
      if (!isClaudeId(id)) throw unknownModel(alias ?? id);
      askedId = id;
      shape = shapeRequest(request, context.rules, {
        withoutBetas: plainly || context.withoutBetas.has(id),
        ...(settings && { settings }),
        cut: isEmptyToolList,
        defaults: { max_tokens: smallestMaxTokens(request.object.members) },
      });
      const { dropped } = shape;
      call.answerHeaders = dropped === undefined ? headers : { ...headers, 'x-proxy-dropped': dropped };
      call.notes = dropped === undefined ? notes : { ...notes, dropped };
      if (countedId(id) === undefined || context.withoutCount.has(id)) return estimate();
      const body = Buffer.from(shape.body).toString('base64');
      return [Buffer.from(JSON.stringify({ input: { invokeModel: { body } } }))];
    },
    answerHeaders: headers,
    notes,
    whole: ([answer]) => ({
      headers: { 'content-type': json },
      body: JSON.stringify({ input_tokens: countOf(answer?.body) }),
    }),
    encoder: messageEvents,
    recover(error) {
      if (shape?.hasBetas && refusesBeta(error)) {
        context.withoutBetas.add(askedId);
        return countCall(context, request, true);
      }
      if (refusesToCount(error)) context.withoutCount.add(askedId);
      else if (error.code !== 'upstream_timeout') return undefined;
      return estimate();
    },
  };
  return call;
}

/**
 * The id that Bedrock counts for: it knows bare ids, and refuses inference profiles. Undefined for an ARN that names no model of the
 * catalogue.
 */
function countedId(id: string): string | undefined {
  const [, named] =
    /^arn:[^:]*:bedrock:[^:]*:[^:]*:(?:foundation-model|inference-profile)\/(?:.*\/)?([^/]+)$/.exec(id) ?? [];
  if (id.startsWith('arn:') && named === undefined) return undefined;
  return (named ?? id).replace(/^[a-z]+(?:-[a-z]+)*\.(?=anthropic\.)/, '');
}

/** Bedrock has no counting for the model, does not know it, or refuses the action. */
function refusesToCount(error: ProxyError): boolean {
  if (error.code === 'model_not_found' || error.code === 'upstream_denied') return true;
  return (
    error.code === 'upstream_validation' &&
    /doesn.t support counting tokens|model identifier is invalid/i.test(upstreamSentence(error))
  );
}

function isEmptyToolList(member: TopLevelMember): boolean {
  const value = member.key === 'tools' ? parseSmall(member) : undefined;
  return Array.isArray(value) && value.length === 0;
}

/** Bedrock demands the member, and more of it than the budget for thinking. */
function smallestMaxTokens(members: readonly TopLevelMember[]): number {
  const thinking = parseSmall(members.findLast(({ key }) => key === 'thinking'));
  return (countAt(thinking, 'budget_tokens') ?? 0) + 1;
}

function countOf(body: Uint8Array | undefined): number {
  const answer: unknown = JSON.parse(Buffer.from(body ?? []).toString('utf8'));
  const count = isJsonObject(answer) ? countAt(answer, 'inputTokens') : undefined;
  if (count === undefined) throw new TypeError('A count of tokens holds no number.');
  return count;
}
