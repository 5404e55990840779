import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keyToken, segment, spellings, string, value, whiteSpace } from '../../request/json-text.test-helper.js';
import { anthropicCodec } from './anthropic-codec.js';

const { messages } = anthropicCodec({});
const head = { method: 'POST', path: '/v1/messages', query: '', headers: {}, requestId: 'r-1', issues: [] };

const ours = ['model', 'stream', 'anthropic_version', 'anthropic_beta', 'service_tier', 'speed', 'context_management'];
const otherKey = fc
  .oneof(string, fc.constantFrom('"system"', '"messages"', '"tools"', '"__proto__"', '""', '"Model"', '"metadata"'))
  .filter((token) => !ours.includes(JSON.parse(token)));

const cutMember = fc.oneof(
  segment(keyToken('stream'), fc.constantFrom('true', 'false')).map((text) => ({ text, once: 'stream' })),
  segment(keyToken('anthropic_version'), value).map((text) => ({ text, once: undefined })),
  segment(keyToken('anthropic_beta'), fc.constantFrom('[]', '["files-api-2025-04-14", "x"]')).map((text) => ({
    text,
    once: undefined,
  })),
  segment(keyToken('service_tier'), value).map((text) => ({ text, once: undefined })),
  segment(keyToken('speed'), value).map((text) => ({ text, once: undefined })),
  segment(keyToken('context_management'), value).map((text) => ({ text, once: undefined })),
);

const request = fc
  .tuple(
    segment(keyToken('model'), fc.constantFrom(...spellings('us.anthropic.claude-sonnet-5'))),
    fc.uniqueArray(cutMember, { maxLength: 4, selector: ({ text, once }) => once ?? text }),
    // The same key may come more than once.
    fc.array(segment(otherKey, value), { maxLength: 5 }),
    fc.infiniteStream(fc.nat()),
    whiteSpace,
    whiteSpace,
  )
  .map(([model, cut, others, order, before, after]) => {
    const members = others.map((text) => ({ text, isCut: false }));
    for (const text of [model, ...cut.map((member) => member.text)]) {
      members.splice((order.next().value ?? 0) % (members.length + 1), 0, { text, isCut: true });
    }
    const kept = [
      '"anthropic_version":"bedrock-2023-05-31"',
      ...members.flatMap((each) => (each.isCut ? [] : each.text)),
    ];
    return {
      body: `${before}{${members.map(({ text }) => text).join(',')}}${after}`,
      sent: `${before}{${kept.join(',')}}${after}`,
    };
  });

it('sends every byte outside of the named members as the client wrote it', () => {
  fc.assert(
    fc.property(request, ({ body, sent }) => {
      const bodies = messages.parse(Buffer.from(body), head).bodies({ id: 'us.anthropic.claude-sonnet-5' });
      if ('status' in bodies) throw new Error('no call');
      expect(Buffer.from(bodies[0] ?? []).toString()).toBe(sent);
    }),
    { numRuns: 2_000 },
  );
});
