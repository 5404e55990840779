import { chatUsage, finishReasonOf } from './answer-end.js';
import type { ConverseAnswer } from './converse-answer.js';
import { createReasoningDetails, type ReasoningDetail } from './reasoning-details.js';

/** What every part of one chat completion has. */
export interface ChatHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
}

interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; arguments: string };
}

/** A whole chat completion. */
export function chatCompletion(
  { content, nativeStopReason, usage, tier }: ConverseAnswer,
  head: ChatHead,
  originalName: (name: string) => string,
): object {
  const texts: string[] = [];
  const details: ReasoningDetail[] = [];
  const calls: ToolCall[] = [];
  let call: ToolCall | undefined;
  let reasoning = '';
  const reasoningDetails = createReasoningDetails();
  for (const event of content) {
    details.push(...reasoningDetails.take(event));
    if (event.type === 'text-delta') texts.push(event.text);
    else if (event.type === 'reasoning-delta') reasoning += event.text;
    else if (event.type === 'tool-call-start') {
      const { id, name, runsAtHost } = event;
      call = { id, type: 'function', function: { name: originalName(name), arguments: '' } };
      if (!runsAtHost) calls.push(call);
    } else if (event.type === 'tool-call-delta' && call) call.function.arguments += event.arguments;
  }
  details.push(...reasoningDetails.flush());
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: texts.length > 0 ? texts.join('') : null,
          refusal: null,
          ...(reasoning !== '' && { reasoning_content: reasoning }),
          ...(details.length > 0 && { reasoning_details: details }),
          ...(calls.length > 0 && { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: finishReasonOf(nativeStopReason, calls.length > 0),
      },
    ],
    usage: chatUsage(usage),
    ...(tier && { service_tier: tier }),
  };
}
