import type { ContentEvent } from '../../../models/chunk-reading.js';
import { isJsonObject, type JsonObject } from '../../../models/json-object.js';
import type { SignedReasoning } from '../conversation.js';
import { createSignedReasoning } from '../create-signed-reasoning.js';
import { createHeldPiece } from '../held-calls.js';
import { sealReasoning } from './encrypted-reasoning.js';
import type { ToolOrigin } from './response-tools.js';

/** Writes the events of one item. */
export interface ItemWriter {
  readonly id: string;
  /** Writes an event of the item: its type without `response.`, and its members. */
  emit(type: string, members: JsonObject): void;
  /** Writes that the item begins. */
  begin(item: JsonObject): void;
  /** Writes that the item is done, and returns it. */
  end(item: JsonObject): JsonObject;
}

export type ItemStatus = 'completed' | 'incomplete';

/** An item that has begun. `close` ends it, and returns it whole. */
export type OutputItem = MessageItem | ReasoningItem | CallItem;

export interface MessageItem {
  readonly kind: 'message';
  add(text: string): void;
  close(status: ItemStatus): JsonObject;
}

export interface ReasoningItem {
  readonly kind: 'reasoning';
  add(event: ContentEvent): void;
  close(status: ItemStatus): JsonObject;
}

export interface CallItem {
  readonly kind: 'call';
  add(json: string): void;
  close(status: ItemStatus): JsonObject;
}

export function beginMessage({ id, emit, begin, end }: ItemWriter): MessageItem {
  const item = (status: string, content: readonly JsonObject[]) => ({
    ...{ id, type: 'message', status, role: 'assistant', content },
  });
  const part = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] });
  const pieces: string[] = [];
  begin(item('in_progress', []));
  emit('content_part.added', { content_index: 0, part: part('') });
  return {
    kind: 'message',
    add(text) {
      pieces.push(text);
      emit('output_text.delta', { content_index: 0, delta: text, logprobs: [] });
    },
    close(status) {
      const text = pieces.join('');
      emit('output_text.done', { content_index: 0, text, logprobs: [] });
      emit('content_part.done', { content_index: 0, part: part(text) });
      return end(item(status, [part(text)]));
    },
  };
}

/**
 * Each block with text is a part of the summary. `isSealed`: the client asked for the signed and encrypted blocks, to send them back.
 */
export function beginReasoning({ id, emit, begin, end }: ItemWriter, isSealed: boolean): ReasoningItem {
  const signed = createSignedReasoning();
  const blocks: SignedReasoning[] = [];
  const summary: JsonObject[] = [];
  let block: number | undefined;
  let pieces: string[] = [];
  const part = (text: string) => ({ type: 'summary_text', text });
  const emitPart = (type: string, members: JsonObject) =>
    emit(`reasoning_summary_${type}`, { summary_index: summary.length, ...members });

  function endPart(): void {
    if (pieces.length === 0) return;
    const text = pieces.join('');
    emitPart('text.done', { text });
    emitPart('part.done', { part: part(text) });
    summary.push(part(text));
    pieces = [];
  }

  begin({ id, type: 'reasoning', status: 'in_progress', summary: [] });
  return {
    kind: 'reasoning',
    add(event) {
      blocks.push(...signed.take(event));
      if (event.index !== block) endPart();
      block = event.index;
      if (event.type !== 'reasoning-delta') return;
      if (pieces.length === 0) emitPart('part.added', { part: part('') });
      pieces.push(event.text);
      emitPart('text.delta', { delta: event.text });
    },
    close(status) {
      blocks.push(...signed.flush());
      endPart();
      const sealed = isSealed && { encrypted_content: sealReasoning(blocks) };
      return end({ id, type: 'reasoning', status, summary, ...sealed });
    },
  };
}

/** A call of a tool. Clients run it once it is done: it is closed only if the answer has ended whole. */
export function beginCall(
  { id, emit, begin, end }: ItemWriter,
  { isCustom, name, namespace }: ToolOrigin,
  callId: string,
): CallItem {
  const type = isCustom ? 'custom_tool_call' : 'function_call';
  const item = (status: string, asked: string) => ({
    ...{ id, type, status, call_id: callId, name, ...(namespace !== undefined && { namespace }) },
    ...(isCustom ? { input: asked } : { arguments: asked }),
  });
  const held = createHeldPiece();
  let json = '';
  begin(item('in_progress', ''));
  return {
    kind: 'call',
    add(piece) {
      json += piece;
      const delta = held.take(piece);
      if (delta !== '' && !isCustom) emit('function_call_arguments.delta', { delta });
    },
    close(status) {
      // The model was stopped here: a client must not run what may be half a call.
      if (status === 'incomplete' && !hasMembers(json)) return item(status, json);
      if (isCustom) {
        const input = inputOf(json);
        emit('custom_tool_call_input.delta', { delta: input });
        emit('custom_tool_call_input.done', { input });
        return end(item('completed', input));
      }
      const isEmpty = json.trim() === '';
      emit('function_call_arguments.delta', { delta: isEmpty ? '{}' : held.release() });
      const whole = isEmpty ? '{}' : json;
      emit('function_call_arguments.done', { name, arguments: whole });
      return end(item('completed', whole));
    },
  };
}

/** The text that a model gave to a custom tool. A model that did not keep to the schema is passed on as it is. */
function inputOf(json: string): string {
  const value = parse(json);
  return isJsonObject(value) && typeof value['input'] === 'string' ? value['input'] : json;
}

/** Whether arguments are all there. In a whole answer, half of them are an empty object. */
function hasMembers(json: string): boolean {
  const value = parse(json);
  return isJsonObject(value) && Object.keys(value).length > 0;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
