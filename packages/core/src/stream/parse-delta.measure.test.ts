import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureDelta } from './parse-delta.js';

const claude = (delta: object, more: object = {}) =>
  Buffer.from(JSON.stringify({ type: 'content_block_delta', index: 0, delta, ...more }));
const converse = (delta: object) => Buffer.from(JSON.stringify({ contentBlockIndex: 0, delta, p: 'abc' }));

describe('the text of a delta', () => {
  it('has the length that JSON gives it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const length = Buffer.byteLength(JSON.stringify(text)) - 2;
        expect(measureDelta(claude({ type: 'text_delta', text }), undefined)).toBe(length);
        expect(measureDelta(claude({ type: 'thinking_delta', thinking: text }), undefined)).toBe(length);
        expect(measureDelta(converse({ text }), 'contentBlockDelta')).toBe(length);
        expect(measureDelta(converse({ reasoningContent: { text } }), 'contentBlockDelta')).toBe(length);
      }),
    );
  });

  it('has no length in a delta of something else', () => {
    expect(measureDelta(claude({ type: 'input_json_delta', partial_json: '{' }), undefined)).toBe(0);
    expect(measureDelta(converse({ toolUse: { input: '{' } }), 'contentBlockDelta')).toBe(0);
  });

  it('is measured in plain bytes too', () => {
    expect(measureDelta(new Uint8Array(claude({ type: 'text_delta', text: 'abc' })), undefined)).toBe(3);
  });

  it.each([
    ['another chunk', Buffer.from('{"type":"message_delta","delta":{"stop_reason":"end_turn"}}'), undefined],
    ['an error', Buffer.from('{"type":"error","error":{}}'), undefined],
    ['another event', converse({ text: 'a' }), 'messageStop'],
    ['a delta of Claude under an event type', claude({ text: 'a' }), 'messageStart'],
    ['a delta that was cut', claude({ text: 'abc' }).subarray(0, 40), undefined],
    [
      "a delta with a key of Bedrock's",
      claude({ text: 'a' }, { 'amazon-bedrock-guardrailAction': 'INTERVENED' }),
      undefined,
    ],
    ['nothing', Buffer.alloc(0), undefined],
  ])('is not measured in %s', (_, bytes, eventType) => {
    expect(measureDelta(bytes, eventType)).toBeUndefined();
  });
});
