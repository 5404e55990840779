import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../examples');

it('every example has fewer than 80 lines', () => {
  const examples = readdirSync(folder).filter((name) => /\.(?:ts|py|html)$/.test(name));
  expect(examples.length).toBeGreaterThan(6);
  const long = examples.filter((name) => readFileSync(join(folder, name), 'utf8').split('\n').length > 80);
  expect(long).toEqual([]);
});
