import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { emulatedFaults } from './playable-faults.ts';

const document = readFileSync(new URL('../../docs/testing.md', import.meta.url), 'utf8');

/** The codes that the tables of docs/testing.md state for each fault. A row names several faults, and one code or one for each. */
const documented = [...document.matchAll(/^\| (`[a-z0-9-]+`(?:, `[a-z0-9-]+`)*) \| [^|]+ \| (`[^|]+`) \|$/gm)].flatMap(
  ([, faults = '', codes = '']) => {
    const code = codes.replaceAll('`', '').split(', ');
    return faults
      .replaceAll('`', '')
      .split(', ')
      .map((fault, index) => [fault, (code[index] ?? code[0] ?? '').replace('[DONE]', 'done')]);
  },
);

it('the page expects of each fault what docs/testing.md states', () => {
  expect(Object.fromEntries(documented)).toEqual(emulatedFaults.expected);
});
