import { isDeepStrictEqual } from 'node:util';
import { type ResponseBody, type ResponseEvent, type ResponseItem, responseEventSchema } from './response-schemas.ts';

/** A stream of the Responses API, or the part of it that has come so far. */
export interface ResponseStream {
  readonly events: readonly ResponseEvent[];
  /** The object of the last event; undefined while the stream has not ended. */
  readonly end: ResponseBody | undefined;
  /** The text of the messages so far. */
  readonly text: string;
}

/**
 * Reads a stream as strictly as a client can: each event by its schema, in its place, and every end equal to what came before it. Throws
 * if anything is wrong, or follows the end.
 */
export function readResponseStream(body: string): ResponseStream {
  if (body !== '' && !body.endsWith('\n\n')) throw new Error(`The last event is not complete: ${body.slice(-100)}`);
  const blocks = body.split('\n\n').filter((block) => block !== '' && !block.startsWith(':'));
  const events = blocks.map(readEvent);
  const items = new Map<number, OpenItem>();
  let end: ResponseBody | undefined;
  let text = '';
  for (const [index, event] of events.entries()) {
    if (event.sequence_number !== index) throw new Error(`Event ${index} has the number ${event.sequence_number}.`);
    if (end) throw new Error(`Something follows the end: ${event.type}`);
    if (event.type === 'response.output_text.delta') text += event.delta;
    if ('output_index' in event) takeItemEvent(event, items);
    else if (event.type === 'error') expectBoth(event, events[index + 1]);
    else if (event.type === 'response.created' || event.type === 'response.in_progress') expectStart(event, index);
    else end = expectEnd(event.response, `response.${event.response.status}` === event.type, items);
  }
  return { events, end, text };
}

function readEvent(block: string): ResponseEvent {
  const [first = '', second = '', ...more] = block.split('\n');
  if (!first.startsWith('event: ') || !second.startsWith('data: ') || more.length > 0) {
    throw new Error(`Not an event with a type and one line of data: ${block}`);
  }
  const event = responseEventSchema.parse(JSON.parse(second.slice('data: '.length)));
  if (first !== `event: ${event.type}`) throw new Error(`Two types: ${block}`);
  return event;
}

function expectStart({ type, response }: { readonly type: string; readonly response: ResponseBody }, index: number) {
  const isInPlace = type === (index === 0 ? 'response.created' : 'response.in_progress') && index < 2;
  const isEmpty = response.status === 'in_progress' && response.output.length === 0 && response.usage === null;
  if (!isInPlace || !isEmpty || response.completed_at !== null) throw new Error(`Not a start: ${type} at ${index}`);
}

/** Some clients understand the first one only, others the second. */
function expectBoth({ code, message, error }: Extract<ResponseEvent, { type: 'error' }>, next?: ResponseEvent): void {
  if (error.code !== code || error.message !== message) throw new Error('The error has two contents.');
  if (next?.type !== 'response.failed' || !isDeepStrictEqual(next.response.error, { code, message })) {
    throw new Error('The response does not fail with the same error.');
  }
}

interface OpenItem {
  readonly id: string;
  readonly kind: string;
  pieces: string;
  /** The whole text, once an event had it. */
  whole?: string;
  parts: number;
  done?: ResponseItem;
}

function takeItemEvent(event: Extract<ResponseEvent, { output_index: number }>, items: Map<number, OpenItem>): void {
  const index = event.output_index;
  if (event.type === 'response.output_item.added') {
    if (index !== items.size) throw new Error(`Item ${index} begins as number ${items.size}.`);
    if (event.item.status !== 'in_progress' || textOf(event.item) !== '')
      throw new Error('An item begins with content.');
    items.set(index, { id: event.item.id, kind: event.item.type, pieces: '', parts: 0 });
    return;
  }
  const item = items.get(index);
  if (!item || item.done) throw new Error(`An event of an item that is not open: ${event.type}`);
  if (event.type === 'response.output_item.done') {
    if (event.item.id !== item.id || event.item.type !== item.kind) throw new Error('An item changes who it is.');
    const text = textOf(event.item);
    if (text !== item.pieces || text !== (item.whole ?? '')) {
      throw new Error(`An item ends with another text: ${JSON.stringify(event.item)} after ${item.pieces}`);
    }
    item.done = event.item;
    return;
  }
  if (event.item_id !== item.id) throw new Error(`An event of another item: ${event.item_id}`);
  switch (event.type) {
    case 'response.output_text.delta':
    case 'response.function_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
      item.pieces += event.delta;
      break;
    case 'response.reasoning_summary_text.delta':
      if (event.summary_index !== item.parts) throw new Error('A part of the summary has another index.');
      item.pieces += event.delta;
      break;
    case 'response.reasoning_summary_part.done':
      item.parts += 1;
      break;
    case 'response.reasoning_summary_text.done':
      item.whole = (item.whole ?? '') + event.text;
      break;
    case 'response.output_text.done':
      item.whole = event.text;
      break;
    case 'response.function_call_arguments.done':
      item.whole = event.arguments;
      break;
    case 'response.custom_tool_call_input.done':
      item.whole = event.input;
      break;
    default:
      break;
  }
}

function textOf(item: ResponseItem): string {
  switch (item.type) {
    case 'message':
      return item.content.map(({ text }) => text).join('');
    case 'reasoning':
      return item.summary.map(({ text }) => text).join('');
    case 'function_call':
      return item.arguments;
    case 'custom_tool_call':
      return item.input;
  }
}

function expectEnd(response: ResponseBody, isOfItsType: boolean, items: ReadonlyMap<number, OpenItem>): ResponseBody {
  const { status, output, completed_at: completedAt, error, usage, incomplete_details: details } = response;
  const done = [...items.values()].flatMap((item) => item.done ?? []);
  const isWhole = status === 'completed';
  if (!isOfItsType) throw new Error(`Another status: ${status}`);
  if ((completedAt !== null) !== isWhole || (details !== null) !== (status === 'incomplete')) {
    throw new Error('The end contradicts itself.');
  }
  if ((error !== null) !== (status === 'failed') || (usage === null) !== (status === 'failed')) {
    throw new Error('A failure has an error and no counts, and nothing else has.');
  }
  if (isWhole && done.length < items.size) throw new Error('An item was not done.');
  const told = output.filter(({ id }) => done.some((item) => item.id === id));
  if (!isDeepStrictEqual(told, done)) throw new Error('The object has other items than the events.');
  if (output.length > done.length && status !== 'incomplete')
    throw new Error('The object has items that are not done.');
  return response;
}
