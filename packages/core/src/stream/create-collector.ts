import type { ModelEvent, StopReason, StreamEnd } from '../models/model-event.js';
import type { Usage } from '../ports/model-invoker.js';

/** A tool call with its arguments joined: JSON as text, since a model may have been cut off within it. */
export interface CollectedToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** A whole streamed answer. */
export interface CollectedAnswer {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly CollectedToolCall[];
  readonly usage: Usage;
  readonly stopReason?: StopReason;
  readonly nativeStopReason?: string;
  readonly guardrailAction?: string;
}

/** Adds events up to a whole answer. */
export function createCollector(): { add(event: ModelEvent): void; answer(): CollectedAnswer } {
  let text = '';
  let reasoning = '';
  let usage: Usage = {};
  let end: Omit<StreamEnd, 'type'> = {};
  const toolCalls = new Map<number, { id: string; name: string; arguments: string }>();

  return {
    add(event) {
      switch (event.type) {
        case 'text-delta':
          text += event.text;
          break;
        case 'reasoning-delta':
          reasoning += event.text;
          break;
        case 'tool-call-start':
          toolCalls.set(event.index, { id: event.id, name: event.name, arguments: '' });
          break;
        case 'tool-call-delta': {
          const call = toolCalls.get(event.index);
          if (call) call.arguments += event.arguments;
          break;
        }
        case 'usage-report':
          usage = event.usage;
          break;
        case 'stream-end': {
          const { type, ...rest } = event;
          end = rest;
          break;
        }
        case 'raw':
          break;
      }
    },
    answer: () => ({ text, reasoning, toolCalls: [...toolCalls.values()], usage, ...end }),
  };
}
