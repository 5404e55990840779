import { describe, expect, it } from 'vitest';
import type { ResponsePiece } from './invoke.js';
import { readPrelude } from './read-prelude.js';

const nul = '\0'.repeat(8);

async function* pieces(...texts: readonly string[]): AsyncGenerator<ResponsePiece, undefined> {
  for (const text of texts) yield { bytes: Buffer.from(text), atMs: 0 };
  return undefined;
}

function read(...texts: readonly string[]) {
  return readPrelude(pieces(...texts)).then(({ rest, ...head }) => ({
    ...head,
    rest: rest && Buffer.from(rest.bytes).toString(),
  }));
}

describe('readPrelude', () => {
  it('finds the end of a prelude that arrives in any two pieces', async () => {
    const whole = `{"statusCode":201,"headers":{"a":"b"},"cookies":["c=d"]}${nul}body`;
    const prelude = { statusCode: 201, headers: { a: 'b' }, cookies: ['c=d'] };
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const answer = await read(whole.slice(0, cut), whole.slice(cut));
      expect(answer.prelude).toEqual(prelude);
    }
    expect(await read(whole)).toEqual({ prelude, rest: 'body' });
  });

  it('accepts an empty prelude without a body', async () => {
    expect(await read(`{}${nul}`)).toEqual({ prelude: {}, rest: undefined });
  });

  it.each([['nothing'], [''], ['{"statusCode":200}'], [`{}${nul.slice(1)}x`]])(
    'reports a missing prelude in %j',
    async (text) => {
      expect(await read(text)).toEqual({ preludeProblem: 'missing', rest: text === '' ? undefined : text });
    },
  );

  it('reports a missing prelude if the first 16 KB have no delimiter', async () => {
    const padding = 'x'.repeat(16_384);
    expect(await read(padding, `{}${nul}`)).toEqual({ preludeProblem: 'missing', rest: padding });
  });

  it.each(['x', '[]', 'null', '{"statusCode":"200"}', '{"statusCode":99}', '{"headers":{"a":1}}', '{"cookies":"a=b"}'])(
    'reports a malformed prelude for %s',
    async (json) => {
      expect(await read(`${json}${nul}`)).toMatchObject({ preludeProblem: 'malformed' });
    },
  );
});
