import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../../errors/proxy-error.js';
import type { ContentEvent } from '../../../models/chunk-reading.js';
import type { ModelEvent } from '../../../models/model-event.js';
import { parseResponses } from './responses-call.test-helper.js';

type Block =
  | { readonly kind: 'text' | 'thought'; readonly pieces: readonly string[] }
  | { readonly kind: 'call' | 'patch'; readonly json: string; readonly size: number };

const pieces = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 });
const size = fc.integer({ min: 1, max: 9 });
const members = fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 });
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constantFrom('text' as const, 'thought' as const), pieces }),
  fc.record({ kind: fc.constant('call' as const), json: members.map((value) => JSON.stringify(value)), size }),
  fc.record({
    kind: fc.constant('patch' as const),
    json: fc.string({ unit: 'binary' }).map((input) => JSON.stringify({ input })),
    size,
  }),
);

function eventsOf(block: Block, index: number): readonly ContentEvent[] {
  if ('pieces' in block) {
    const type = block.kind === 'text' ? 'text-delta' : 'reasoning-delta';
    return block.pieces.map((text) => ({ type, text, index }));
  }
  const { kind, json, size: length } = block;
  const parts = Array.from({ length: Math.ceil(json.length / length) }, (_, part) =>
    json.slice(part * length, (part + 1) * length),
  );
  return [
    { type: 'tool-call-start', index, id: `t${index}`, name: kind === 'call' ? 'look' : 'patch' },
    ...parts.map((part): ContentEvent => ({ type: 'tool-call-delta', index, arguments: part })),
  ];
}

/** The item that a run of blocks becomes, as one text. */
function itemsOf(blocks: readonly Block[]): readonly string[] {
  const items: { kind: string; text: string }[] = [];
  for (const each of blocks) {
    const last = items.at(-1);
    const text =
      'pieces' in each ? each.pieces.join('') : each.kind === 'call' ? each.json : JSON.parse(each.json).input;
    if ('pieces' in each && last?.kind === each.kind) last.text += text;
    else items.push({ kind: each.kind, text });
  }
  return items.map(({ kind, text }) => `${kind} ${text}`);
}

interface Item {
  readonly type: string;
  readonly content: readonly { readonly text: string }[];
  readonly summary: readonly { readonly text: string }[];
  readonly arguments: string;
  readonly input: string;
}

function shown({ type, content, summary, arguments: json, input }: Item): string {
  if (type === 'message') return `text ${content.map(({ text }) => text).join('')}`;
  if (type === 'reasoning') return `thought ${summary.map(({ text }) => text).join('')}`;
  return type === 'function_call' ? `call ${json}` : `patch ${input}`;
}

interface Written {
  readonly type: string;
  readonly sequence_number: number;
  readonly item_id?: string;
  readonly delta?: string;
  readonly item?: Item & { readonly id: string };
  readonly response?: { readonly output: readonly Item[] };
}

function read(written: string): readonly Written[] {
  return written
    .split('\n\n')
    .slice(0, -1)
    .map((event) => JSON.parse(event.slice(event.indexOf('data: ') + 'data: '.length)));
}

function start() {
  const tools = [
    { type: 'function', name: 'look' },
    { type: 'custom', name: 'patch' },
  ];
  const call = parseResponses({ stream: true, tools });
  call.bodies({ id: call.modelId });
  return call.encoder(
    'streaming',
    () => 'served',
    () => undefined,
  );
}

const joined = (events: readonly Written[], id: string | undefined) =>
  events.map(({ item_id: own, delta = '' }) => (own === id ? delta : '')).join('');

describe('any answer of the Responses API', () => {
  it('has its items once, in order and whole, in the events and in the object', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), (blocks) => {
        const encoder = start();
        const end: ModelEvent = { type: 'stream-end', nativeStopReason: 'end_turn' };
        const batches = [...blocks.map(eventsOf), [end]];
        const events = read(
          batches.map((batch) => String(encoder.batch({ chunks: [], events: batch }))).join('') + String(encoder.end()),
        );
        expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index));
        const output = events.at(-1)?.response?.output ?? [];
        expect(output.map(shown)).toEqual(itemsOf(blocks));
        const done = events.flatMap(({ type, item }) => (type === 'response.output_item.done' && item ? [item] : []));
        for (const item of done) expect(shown(item)).toBe(`${shown(item).split(' ')[0]} ${joined(events, item.id)}`);
        expect(done).toHaveLength(output.length);
      }),
    );
  });

  it('has no call that could be run, if it breaks off anywhere', () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 6 }), fc.nat(), (blocks, at) => {
        const all = blocks.flatMap(eventsOf);
        const encoder = start();
        const before = encoder.batch({ chunks: [], events: all.slice(0, at % (all.length + 1)) });
        const events = read(String(before) + String(encoder.fail(new ProxyError('upstream_truncated'), 'r-1')));
        expect(events.slice(-2).map(({ type }) => type)).toEqual(['error', 'response.failed']);
        const isCall = ({ type }: Item) => type === 'function_call' || type === 'custom_tool_call';
        for (const { type, item, response } of events) {
          if (type === 'response.output_item.done' && item) expect(isCall(item)).toBe(false);
          expect(response?.output.some(isCall) ?? false).toBe(false);
          if (type !== 'response.output_item.added' || !item || !isCall(item)) continue;
          expect(() => JSON.parse(joined(events, item.id))).toThrow();
        }
      }),
    );
  });
});
