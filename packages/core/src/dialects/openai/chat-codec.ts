import { ProxyError } from '../../errors/proxy-error.js';
import type { JsonObject } from '../../models/json-object.js';
import type { OpenAiModelSettings } from '../../routing/model-alias.js';
import type { Codec, ParsedCall, ResolvedModel } from '../dialect.js';
import { type ChatHead, chatCompletion } from './chat-answer.js';
import { type ChatRequest, readChatRequest } from './chat-request.js';
import { chatStream } from './chat-stream.js';
import { type ConverseRequest, converseRequest } from './converse-body.js';
import { droppedHeader, droppedNotes } from './dropped-header.js';
import { parseObject } from './parse-object.js';

/** Chat completions. Every model is asked by Converse. */
export const chatCodec: Codec = {
  parse(body, head): ParsedCall {
    const members = parseObject(body);
    const issues = [...head.issues, ...head.judge(body, 'converse')];
    if (issues.length > 0) throw new ProxyError('invalid_request', { issues });
    const options = { mayChooseTier: head.judge(tierBody, 'converse').length === 0 };
    const request = readChatRequest(members, options);
    let model: ResolvedModel | undefined;
    let sent: ConverseRequest | undefined;

    const chatHead = (served: string): ChatHead => ({
      id: `chatcmpl-${head.requestId}`,
      created: Math.floor(Date.now() / 1_000),
      model: model?.alias === undefined ? request.model : served,
    });

    const originalName = (name: string) => sent?.names.original(name) ?? name;

    return {
      operation: 'converse',
      modelId: request.model,
      stream: request.stream,
      ...(head.options && { options: head.options }),
      bodies(resolved) {
        model = resolved;
        const settings = resolved.settings?.openai;
        const wanted = settings?.drop ? readChatRequest(without(members, settings.drop), options) : request;
        sent = converseRequest({ ...wanted, dropped: droppedFrom(wanted, members, settings) }, resolved.id, settings);
        return [Buffer.from(JSON.stringify(sent.body))];
      },
      get answerHeaders() {
        return droppedHeader(sent?.dropped ?? []);
      },
      get notes() {
        return droppedNotes(sent?.dropped ?? []);
      },
      whole([answer], served) {
        if (!answer) throw new TypeError('A chat completion has one answer.');
        const completion = chatCompletion(answer, chatHead(served), originalName);
        return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(completion) };
      },
      encoder: (_front, served) =>
        chatStream({ head: () => chatHead(served()), includeUsage: request.includeUsage, originalName }),
    };
  },
};

/** What Converse would be sent for a service tier. */
const tierBody = Buffer.from('{"serviceTier":{}}');

function without(members: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}

function droppedFrom(
  { dropped }: ChatRequest,
  members: JsonObject,
  { drop = [] }: OpenAiModelSettings = {},
): readonly string[] {
  return [...dropped, ...drop.filter((name) => members[name] !== undefined && members[name] !== null)];
}
