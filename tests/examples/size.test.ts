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

it('keeps a dialect of its own under 60 lines, against public types', () => {
  const source = readFileSync(join(folder, 'echo-dialect.ts'), 'utf8');
  expect(source.split('\n').length).toBeLessThan(60);
  const imports = [...source.matchAll(/from '([^']+)'/g)].map(([, specifier]) => specifier);
  expect(imports).toEqual(['@bedrock-proxy/core', '@bedrock-proxy/core/bedrock', '@bedrock-proxy/core/dialects']);
});
