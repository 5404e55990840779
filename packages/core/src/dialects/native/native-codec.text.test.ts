import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ModelEvent } from '../../models/model-event.js';
import { encodeTexts } from './native-codec.js';

const encode = (...texts: readonly string[]) =>
  encodeTexts({ events: texts.map((text) => ({ type: 'text-delta', text })) }, '', ',');

/** Much cheaper to make than the unit 'binary' of fast-check. */
const anyCharacter = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

const lineBreaks = /[\n\r\u0085\u2028\u2029]/;

describe('a piece of text', () => {
  it('is one member in compact JSON', () => {
    expect(encode('Hel"lo')).toBe('{"content":"Hel\\"lo"},');
  });

  it.each([
    ['\u0085', '\\u0085'],
    ['\u2028', '\\u2028'],
    ['\u2029', '\\u2029'],
    ['\n', '\\n'],
    ['\r', '\\r'],
    ['\u0000', '\\u0000'],
    ['\ud83d', '\\ud83d'],
    ['\u2028\u2028', '\\u2028\\u2028'],
  ])('escapes what some reader takes for the end of a line, and halves of characters: %j', (text, escaped) => {
    expect(encode(text)).toBe(`{"content":"${escaped}"},`);
  });

  it('gives any texts back, in one line', () => {
    const unit = fc.oneof(
      fc.constantFrom('\u0085', '\u2028', '\r', '\n', '\\', '"', '\ud83d', '\ude00'),
      fc.string({ unit: anyCharacter }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(unit).map((units) => units.join(''))), (texts) => {
        const encoded = encode(...texts);
        expect(JSON.parse(`[${encoded.slice(0, -1)}]`)).toEqual(texts.map((content) => ({ content })));
        expect(encoded).not.toMatch(lineBreaks);
        expect(encoded.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('a batch', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('escapes only what needs it', () => {
    const stringify = vi.spyOn(JSON, 'stringify');
    expect(encode('grüße', '世界 😀', '<&>')).toBe('{"content":"grüße"},{"content":"世界 😀"},{"content":"<&>"},');
    expect(stringify).not.toHaveBeenCalled();
  });

  it('escapes what stands in one of its texts, and halves of a character in two', () => {
    expect(encode('a', 'b"', '\ud83d', '\ude00')).toBe(
      '{"content":"a"},{"content":"b\\""},{"content":"\\ud83d"},{"content":"\\ude00"},',
    );
    expect(encode('\ud83d', '\ude00')).toBe('{"content":"\\ud83d"},{"content":"\\ude00"},');
  });

  it('is its texts and nothing else', () => {
    const events: ModelEvent[] = [
      { type: 'reasoning-delta', text: 'hm' },
      { type: 'text-delta', text: 'a' },
      { type: 'raw', value: { content: 'x' } },
      { type: 'text-delta', text: 'b' },
      { type: 'stream-end' },
    ];
    expect(encodeTexts({ events }, '<', '>')).toBe('<{"content":"a"}><{"content":"b"}>');
    expect(encodeTexts({ events: [] }, '<', '>')).toBe('');
  });
});

describe('the end of an answer', () => {
  const end = (guardrailAction?: string): ModelEvent => ({
    type: 'stream-end',
    ...(guardrailAction !== undefined && { guardrailAction }),
  });

  it('has an item of its own if a guardrail changed the answer', () => {
    const item = '{"content":"","guardrailAction":"INTERVENED"}';
    expect(encodeTexts({ events: [end('INTERVENED')] }, 'data: ', '\n\n')).toBe(`data: ${item}\n\n`);
    const last = { type: 'text-delta', text: 'a' } as const;
    expect(encodeTexts({ events: [last, end('INTERVENED')] }, '', ',')).toBe(`{"content":"a"},${item},`);
  });

  it.each([undefined, 'NONE', 'OTHER'])('has none if the guardrail said %s', (action) => {
    expect(encodeTexts({ events: [end(action)] }, '', ',')).toBe('');
  });
});
