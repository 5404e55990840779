import type { ContentEvent } from '../../../models/chunk-reading.js';
import type { JsonObject } from '../../../models/json-object.js';
import type { AnswerContext } from '../converse-codec.js';
import {
  beginCall,
  beginMessage,
  beginReasoning,
  type CallItem,
  type ItemWriter,
  type MessageItem,
  type OutputItem,
  type ReasoningItem,
} from './output-items.js';
import type { ResponsesRequest } from './responses-request.js';

/** Takes an event of a stream: its type without `response.`, its members, and JSON of the members before them, with a comma behind each. */
export type Emit = (type: string, members: JsonObject, before?: string) => void;

/** The output items of an answer. An item is told as soon as it begins. A call is done only once the answer has ended whole. */
export interface Output {
  take(event: ContentEvent): void;
  /** The items that are done. */
  done(): readonly JsonObject[];
  /** Ends the answer, and returns all items. `isCut`: the model was stopped within the last one. */
  finish(isCut: boolean): readonly JsonObject[];
}

export function createOutput(
  { request, requestId, originalName }: AnswerContext<ResponsesRequest>,
  emit: Emit,
): Output {
  const items: OutputItem[] = [];
  const done: JsonObject[] = [];
  const calls = new Map<number, CallItem>();
  /** The item that takes text or reasoning. */
  let open: MessageItem | ReasoningItem | undefined;

  function writer(prefix: string): ItemWriter {
    const index = items.length;
    const id = `${prefix}_${requestId}_${index}`;
    const place = `"item_id":${JSON.stringify(id)},"output_index":${index},`;
    return {
      id,
      emit: (type, members) => emit(type, members, place),
      begin: (item) => emit('output_item.added', { output_index: index, item }),
      end(item) {
        done[index] = item;
        emit('output_item.done', { output_index: index, item });
        return item;
      },
    };
  }

  function begin<Item extends OutputItem>(item: Item): Item {
    items.push(item);
    return item;
  }

  function close(): void {
    open?.close('completed');
    open = undefined;
  }

  /** The open item of this kind, or a new one. */
  function message(): MessageItem {
    if (open?.kind === 'message') return open;
    close();
    const item = begin(beginMessage(writer('msg')));
    open = item;
    return item;
  }

  function reasoning(): ReasoningItem {
    if (open?.kind === 'reasoning') return open;
    close();
    const item = begin(beginReasoning(writer('rs'), request.sealsReasoning));
    open = item;
    return item;
  }

  function startCall(index: number, callId: string, name: string): void {
    close();
    const origin = request.originOf(originalName(name));
    calls.set(index, begin(beginCall(writer(origin.isCustom ? 'ctc' : 'fc'), origin, callId)));
  }

  return {
    take(event) {
      switch (event.type) {
        case 'text-delta':
          message().add(event.text);
          break;
        case 'tool-call-start':
          // The pieces of a call that was not started are left out.
          if (!event.runsAtHost) startCall(event.index, event.id, event.name);
          break;
        case 'tool-call-delta':
          calls.get(event.index)?.add(event.arguments);
          break;
        case 'citation':
          break;
        default:
          reasoning().add(event);
      }
    },
    done: () => done.filter((item) => item !== undefined),
    finish(isCut) {
      const last = items.length - 1;
      return items.map(
        (item, index) => done[index] ?? item.close(isCut && index === last ? 'incomplete' : 'completed'),
      );
    },
  };
}
