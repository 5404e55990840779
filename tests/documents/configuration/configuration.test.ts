import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { variableDefaults } from '../../../packages/core/src/config/variable-defaults.ts';
import { documents } from '../markdown-code.ts';
import { renderConfiguration } from './render-configuration.ts';
import { variableMeanings } from './variable-meanings.ts';

const root = join(import.meta.dirname, '../../..');
const defaults: Readonly<Record<string, string | number | undefined>> = variableDefaults;

describe('docs/configuration.md', () => {
  it('matches the code; npm run docs generates it again', async () => {
    expect(Object.keys(variableMeanings).sort()).toEqual(Object.keys(defaults).sort());
    await expect(renderConfiguration()).toMatchFileSnapshot(join(root, 'docs/configuration.md'));
  });
});

describe('the variables in the other documents', () => {
  const rows = documents().flatMap((document) =>
    [...readFileSync(join(root, document), 'utf8').matchAll(/^\| `([A-Z]+(?:_[A-Z]+)+)` \| (?:`(.*?)`)? *\|/gm)].map(
      ([, name = '', fallback]) => ({ document, name, fallback }),
    ),
  );

  it('have the same defaults as the code', () => {
    const own = rows.filter(({ name }) => name in defaults);
    expect(own.length).toBeGreaterThan(10);
    for (const { document, name, fallback } of own) {
      if (name === 'BEDROCK_REGION') continue;
      expect(fallback, `${name} in ${document}`).toBe(defaults[name]?.toString());
    }
  });
});
