import type { Codec } from '../dialect.js';
import { type ChatHead, chatCompletion } from './chat-completion.js';
import { readChatRequest } from './chat-request.js';
import { chatStream } from './chat-stream.js';
import { converseCodec } from './converse-codec.js';

/** Chat completions. Every model is asked by Converse. */
export const chatCodec: Codec = converseCodec({
  read: readChatRequest,
  whole: (answer, { requestId, originalName }, model) => chatCompletion(answer, headOf(requestId, model), originalName),
  stream: ({ request, requestId, originalName }, model) =>
    chatStream({ head: () => headOf(requestId, model()), includeUsage: request.includeUsage, originalName }),
});

function headOf(requestId: string, model: string): ChatHead {
  return { id: `chatcmpl-${requestId}`, created: Math.floor(Date.now() / 1_000), model };
}
