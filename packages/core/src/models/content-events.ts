import type { ContentEvent } from './chunk-reading.js';

/** A chunk that adds nothing to the answer. */
export const noContent: readonly ContentEvent[] = [];

/** A piece of the text channel; nothing where `text` is no string, or an empty one. */
export function textContent(text: unknown): readonly ContentEvent[] {
  return typeof text === 'string' && text !== '' ? [{ type: 'text-delta', text }] : noContent;
}

/** A piece of reasoning; nothing where `text` is no string, or an empty one. */
export function reasoningContent(text: unknown): readonly ContentEvent[] {
  return typeof text === 'string' && text !== '' ? [{ type: 'reasoning-delta', text }] : noContent;
}

/** The start of a tool call. A model that leaves out id or name is read as giving an empty one. */
export function toolCallStart(index: number, id: unknown, name: unknown): ContentEvent {
  return {
    type: 'tool-call-start',
    index,
    id: typeof id === 'string' ? id : '',
    name: typeof name === 'string' ? name : '',
  };
}

/** A piece of a tool call's arguments; nothing where it is empty or no string. */
export function toolCallArguments(index: number, json: unknown): readonly ContentEvent[] {
  return typeof json === 'string' && json !== '' ? [{ type: 'tool-call-delta', index, arguments: json }] : noContent;
}

/** A tool call that a model gives in one piece, its arguments as an object or as JSON already. */
export function wholeToolCall(index: number, id: unknown, name: unknown, input: unknown): readonly ContentEvent[] {
  const json = typeof input === 'string' ? input : JSON.stringify(input ?? {});
  return [toolCallStart(index, id, name), ...toolCallArguments(index, json)];
}
