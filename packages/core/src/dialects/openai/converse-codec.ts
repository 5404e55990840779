import type { JsonObject } from '../../models/json-object.js';
import { scanJson } from '../../request/json-scan.js';
import type { OpenAiModelSettings } from '../../routing/model-alias.js';
import type { Codec, ParsedCall, ResolvedModel, StreamEncoder } from '../dialect.js';
import type { WritableCall } from '../writable-call.js';
import { type ConverseAnswer, readConverseAnswer } from './converse-answer.js';
import { type ConverseRequest, converseRequest } from './converse-request.js';
import { droppedHeader, droppedNotes } from './dropped-header.js';
import type { ModelRequest } from './model-request.js';
import { parseObject } from './parse-object.js';

/** A request of one of OpenAI's two chat APIs. */
export interface ConversationRequest extends ModelRequest {
  readonly model: string;
  readonly stream: boolean;
}

export interface ReadOptions {
  /** Whether the caller may choose a service tier; otherwise it is left out. */
  readonly mayChooseTier: boolean;
}

/** What an answer depends on. */
export interface AnswerContext<Request> {
  readonly request: Request;
  readonly requestId: string;
  /** The client's own name of a tool. */
  originalName(name: string): string;
}

/** One of OpenAI's two chat APIs. */
export interface ConversationApi<Request extends ConversationRequest> {
  /** Reads the members of a request. Throws a `ProxyError` that names the member which is wrong or not supported. */
  read(members: JsonObject, options: ReadOptions): Request;
  /** The whole answer. `model` is its name for the client. */
  whole(answer: ConverseAnswer, context: AnswerContext<Request>, model: string): object;
  /** `model` is known at the first batch. */
  stream(context: AnswerContext<Request>, model: () => string): StreamEncoder;
}

/** The codec of an API of which every model is asked by Converse. */
export function converseCodec<Request extends ConversationRequest>(api: ConversationApi<Request>): Codec {
  return {
    parse(body, head): ParsedCall {
      const members = parseObject(body, head);
      const options = { mayChooseTier: head.judge(tierMembers, 'converse').length === 0 };
      const request = api.read(members, options);
      let model: ResolvedModel | undefined;
      let sent: ConverseRequest | undefined;

      const nameOf = (served: string) => (model?.alias === undefined ? request.model : served);
      const context: AnswerContext<Request> = {
        request,
        requestId: head.requestId,
        originalName: (name) => sent?.names.original(name) ?? name,
      };

      const call: WritableCall = {
        operation: 'converse',
        modelId: request.model,
        stream: request.stream,
        ...(head.options && { options: head.options }),
        bodies(resolved) {
          model = resolved;
          const settings = resolved.settings?.openai;
          const wanted = settings?.drop ? api.read(without(members, settings.drop), options) : request;
          sent = converseRequest({ ...wanted, dropped: droppedFrom(wanted, members, settings) }, resolved.id, settings);
          call.answerHeaders = droppedHeader(sent.dropped);
          call.notes = droppedNotes(sent.dropped);
          return [Buffer.from(JSON.stringify(sent.body))];
        },
        answerHeaders: {},
        notes: {},
        whole([answer], served) {
          if (!answer) throw new TypeError('A conversation has one answer.');
          const whole = api.whole(readConverseAnswer(answer), context, nameOf(served));
          return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(whole) };
        },
        encoder: (_front, served) => api.stream(context, () => nameOf(served())),
      };
      return call;
    },
  };
}

/** What Converse would be sent for a service tier. */
const { members: tierMembers } = scanJson(Buffer.from('{"serviceTier":{}}'));

function without(members: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}

function droppedFrom(
  { dropped }: ModelRequest,
  members: JsonObject,
  { drop = [] }: OpenAiModelSettings = {},
): readonly string[] {
  return [...dropped, ...drop.filter((name) => members[name] !== undefined && members[name] !== null)];
}
