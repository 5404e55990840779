import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sealReasoning, unsealReasoning } from './encrypted-reasoning.js';

const seal = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const block = fc.oneof(
  fc.record({ text: fc.string({ unit: 'grapheme' }), signature: fc.string({ minLength: 1 }) }).map((reasoningText) => ({
    reasoningText,
  })),
  fc.base64String({ minLength: 4 }).map((redactedContent) => ({ redactedContent })),
);

describe('sealed reasoning', () => {
  it('is base64url of a version and of the blocks', () => {
    const sealed = sealReasoning([{ reasoningText: { text: 'So.', signature: 's' } }, { redactedContent: 'AAAA' }]);
    expect(JSON.parse(Buffer.from(sealed, 'base64url').toString())).toEqual({
      v: 1,
      blocks: [{ text: 'So.', signature: 's' }, { redacted: 'AAAA' }],
    });
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(block), (blocks) => {
        expect(unsealReasoning(sealReasoning(blocks))).toEqual(blocks);
      }),
    );
  });

  it('is taken back unchanged only', () => {
    fc.assert(
      fc.property(fc.array(block), fc.nat(), fc.constantFrom('A', '=', ' ', ''), (blocks, at, put) => {
        const sealed = sealReasoning(blocks);
        const place = at % sealed.length;
        const changed = sealed.slice(0, place) + put + sealed.slice(place + 1);
        // The change may give other words. They are then still of this form, and the model checks their signature.
        const back = unsealReasoning(changed);
        if (back) expect(sealReasoning(back)).toBe(changed);
      }),
    );
  });

  it.each([
    ['another maker', 'gAAAAABoISQ'],
    ['no text at all', ''],
    ['JSON of another type', seal([])],
    ['another version', seal({ v: 2, blocks: [] })],
    ['no blocks', seal({ v: 1 })],
    ['a block without a signature', seal({ v: 1, blocks: [{ text: 'So.' }] })],
    ['an empty signature', seal({ v: 1, blocks: [{ text: 'So.', signature: '' }] })],
    ['a signature without a text', seal({ v: 1, blocks: [{ signature: 's' }] })],
    ['an empty redacted block', seal({ v: 1, blocks: [{ redacted: '' }] })],
    ['a member more', seal({ v: 1, blocks: [{ text: '', signature: 's', more: 1 }] })],
    ['standard base64', Buffer.from('{"v":1,"blocks":[{"redacted":"????"}]}').toString('base64')],
  ])('of %s is none', (_, sealed) => {
    expect(unsealReasoning(sealed)).toBeUndefined();
  });
});
