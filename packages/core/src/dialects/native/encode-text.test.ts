import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelEvent } from '../../models/model-event.js';
import { encodeText, encodeTexts } from './encode-text.js';

const lineBreaks = /[\n\r\u0085\u2028\u2029]/;

describe('encodeText', () => {
  it('is one member in compact JSON', () => {
    expect(encodeText('Hel"lo')).toBe('{"content":"Hel\\"lo"}');
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
    expect(encodeText(text)).toBe(`{"content":"${escaped}"}`);
  });

  it('gives any text back, in one line', () => {
    const unit = fc.oneof(
      fc.constantFrom('\u0085', '\u2028', '\r', '\n', '\\', '"', '\ud83d', '\ude00'),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(unit), (units) => {
        const text = units.join('');
        const encoded = encodeText(text);
        expect(JSON.parse(encoded)).toEqual({ content: text });
        expect(encoded).not.toMatch(lineBreaks);
        expect(encoded.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('encodeTexts', () => {
  it('takes the text of a batch and nothing else', () => {
    const events: ModelEvent[] = [
      { type: 'reasoning-delta', text: 'hm' },
      { type: 'text-delta', text: 'a' },
      { type: 'raw', value: { content: 'x' } },
      { type: 'text-delta', text: 'b' },
      { type: 'stream-end' },
    ];
    expect(encodeTexts({ chunks: [], events }, '<', '>')).toBe('<{"content":"a"}><{"content":"b"}>');
    expect(encodeTexts({ chunks: [], events: [] }, '<', '>')).toBe('');
  });
});
