import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDelta as parse } from './parse-delta.js';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"}}', '\\', '\u007f', '\u2028', '”'),
);
const index = fc.oneof(fc.nat(12_000), fc.constantFrom(-1, 0.5, 1e21));
const claude = fc
  .record({ index, text })
  .map((each) => ({ type: 'content_block_delta', index: each.index, delta: { type: 'text_delta', text: each.text } }));
const converse = fc
  .record({ index, text, p: fc.option(text, { nil: undefined }) })
  .map(({ index: contentBlockIndex, text: delta, p }) => ({ contentBlockIndex, delta: { text: delta }, p }));

/** The value of the JSON of a delta, without the name of its event. */
function parseDelta(json: string, eventType: string | undefined): unknown {
  const delta = parse(json, eventType);
  if (delta === undefined) return undefined;
  const payload = eventType === undefined ? delta.value : Object.values(delta.value)[0];
  const {
    index,
    contentBlockIndex = index,
    delta: { text },
  } = payload;
  expect(delta).toMatchObject({ text, index: contentBlockIndex });
  if (eventType !== undefined) expect(Object.keys(delta.value)).toEqual([eventType]);
  return payload;
}

/** The value, and with it the order of its members. */
const shown = (value: unknown) => JSON.stringify(value);

function parsesOrThrows(json: string): string | undefined {
  try {
    return shown(JSON.parse(json));
  } catch {
    return undefined;
  }
}

test('a delta of plain text is read without JSON.parse', () => {
  const delta = '{"type":"content_block_delta","index":3,"delta":{"type":"text_delta","text":"Olá “você” 🙂"}}';
  expect(parseDelta(delta, undefined)).toEqual(JSON.parse(delta));
  for (const padding of ['', ',"p":"abc"']) {
    const event = `{"contentBlockIndex":12,"delta":{"text":"Olá"}${padding}}`;
    expect(parseDelta(event, 'contentBlockDelta')).toEqual(JSON.parse(event));
  }
});

test('a delta has the same value and the same order of members as JSON.parse gives it, or is left to it', () => {
  fc.assert(
    fc.property(
      fc.oneof(claude, converse),
      fc.constantFrom(undefined, 'contentBlockDelta', 'metadata'),
      (delta, type) => {
        const json = JSON.stringify(delta);
        const value = parseDelta(json, type);
        if (value !== undefined) expect(shown(value)).toBe(json);
      },
    ),
  );
});

test('a delta that was changed anywhere is never read as something else than JSON.parse reads', () => {
  const change = fc.record({
    at: fc.nat(120),
    removed: fc.nat(4),
    added: fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('"', '\\', '{', '}', ',', '0', ' ', '\n', '\u0000')),
  });
  fc.assert(
    fc.property(fc.oneof(claude, converse), change, (delta, { at, removed, added }) => {
      const json = JSON.stringify(delta);
      const changed = json.slice(0, at) + added + json.slice(at + removed);
      for (const type of [undefined, 'contentBlockDelta']) {
        const value = parseDelta(changed, type);
        if (value !== undefined) expect(shown(value)).toBe(parsesOrThrows(changed));
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['an escape', '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a\\n"}}', undefined],
  [
    'a control character',
    '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a\n"}}',
    undefined,
  ],
  ['a leading zero', '{"type":"content_block_delta","index":00,"delta":{"type":"text_delta","text":"a"}}', undefined],
  [
    'a member of Bedrock',
    '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"},"amazon-bedrock-guardrailAction":"NONE"}',
    undefined,
  ],
  ['another event type', '{"contentBlockIndex":0,"delta":{"text":"a"}}', 'contentBlockStart'],
  [
    'the form of Claude in an event of Converse',
    '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}',
    'contentBlockDelta',
  ],
  ['text after the object', '{"contentBlockIndex":0,"delta":{"text":"a"}} ', 'contentBlockDelta'],
])('a chunk with %s is left to JSON.parse', (_, json, eventType) => {
  expect(parseDelta(json, eventType)).toBeUndefined();
});
