import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyToken, segment, spellings, string, value, whiteSpace } from '../../request/json-text.test-helper.js';
import { readNativeRequest } from './read-native-request.test-helper.js';

const named = new Set(['modelId', 'model', 'stream']);
const otherKey = fc.oneof(
  string,
  fc.constantFrom('"__proto__"', '"constructor"', '"toString"', '""', '"MODELID"', '"Stream"'),
);
const other = segment(
  otherKey.filter((token) => !named.has(JSON.parse(token))),
  value,
);

interface Case {
  readonly body: string;
  readonly payload: string;
  readonly modelId: string;
  readonly stream: boolean;
  readonly cut: readonly string[];
}

const request: fc.Arbitrary<Case> = fc
  .record({
    idKey: fc.constantFrom('modelId', 'model'),
    modelId: fc.constantFrom('anthropic.claude-v2:1', 'us.amazon.nova-pro-v1:0', 'a', 'modèle.😀'),
    stream: fc.constantFrom(true, false, undefined),
  })
  .chain(({ idKey, modelId, stream }) => {
    const id = segment(keyToken(idKey), fc.constantFrom(...spellings(modelId)));
    const flag =
      stream === undefined ? fc.constant([]) : fc.tuple(segment(keyToken('stream'), fc.constant(String(stream))));
    // Where modelId names the model, a member called model is the payload's own.
    const rest = fc.array(idKey === 'modelId' ? fc.oneof(other, segment(keyToken('model'), value)) : other, {
      maxLength: 5,
    });
    return fc
      .tuple(id, flag, rest, fc.infiniteStream(fc.nat()), whiteSpace, whiteSpace)
      .map(([idSegment, flagSegments, others, order, before, after]): Case => {
        const gone = [idSegment, ...flagSegments].map((text) => ({ text, isCut: true }));
        const members = others.map((text) => ({ text, isCut: false }));
        for (const member of gone) members.splice((order.next().value ?? 0) % (members.length + 1), 0, member);
        const join = (some: typeof members) => `${before}{${some.map(({ text }) => text).join(',')}}${after}`;
        const kept = members.filter(({ isCut }) => !isCut);
        return { body: join(members), payload: join(kept), modelId, stream: stream ?? false, cut: [idKey, 'stream'] };
      });
  });

const keyOfOneEscape = /"\\(?:u[0-9a-f]{4}|.)"\s*:/i;

describe('any request', () => {
  it('is sent on as the very bytes of the client, less the segments of the model and of stream', () => {
    fc.assert(
      fc.property(request, ({ body, payload, modelId, stream }) => {
        const parsed = readNativeRequest(Buffer.from(body));
        expect(Buffer.from(parsed.payload).toString()).toBe(payload);
        expect(parsed).toMatchObject({ modelId, stream });
      }),
      { numRuns: 2_000 },
    );
  });

  it('means to the model what it meant without those members', () => {
    fc.assert(
      fc.property(request, ({ body, cut }) => {
        // Node 24's JSON.parse may take such a key for the key of an object that it parsed before: "\u0022" for "\\".
        fc.pre(!keyOfOneEscape.test(body));
        const expected = JSON.parse(body);
        for (const key of cut) delete expected[key];
        const sent = JSON.parse(Buffer.from(readNativeRequest(Buffer.from(body)).payload).toString());
        expect(isDeepStrictEqual(sent, expected)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is refused by name, never by an exception of another kind, where one byte of it is damaged', () => {
    fc.assert(
      fc.property(request, fc.nat(), fc.nat({ max: 255 }), ({ body }, at, byte) => {
        const damaged = Buffer.from(body);
        damaged[at % damaged.length] = byte;
        try {
          readNativeRequest(damaged);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^invalid_(json|request|model)$/) });
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
