import type { Codec, ModelCatalog, PermitsModel, PlainAnswer } from '../dialect.js';
import type { AnthropicDialectOptions } from './anthropic-dialect-options.js';
import { createCallContext } from './call-context.js';
import { countCall } from './count-call.js';
import { listModels } from './list-models.js';
import { messageCall } from './message-call.js';
import { type MessagesRequest, readRequest } from './read-request.js';

/** The part of the dialect that is loaded at its first use. */
export interface AnthropicCodec {
  readonly messages: Codec;
  readonly countTokens: Codec;
  list(id: string | undefined, catalog: ModelCatalog, permitsModel: PermitsModel, requestId: string): PlainAnswer;
}

type Parse = (...request: Parameters<Codec['parse']>) => MessagesRequest;

export function anthropicCodec(options: AnthropicDialectOptions): AnthropicCodec {
  const context = createCallContext(options);
  const read: Parse = (body, head) => readRequest(body, head, context.rules.dropFields);
  return {
    messages: { parse: (body, head) => messageCall(context, read(body, head)) },
    countTokens: { parse: (body, head) => countCall(context, read(body, head)) },
    list: (id, ...asked) => listModels(context.idOf, id, ...asked),
  };
}
