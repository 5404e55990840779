import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderLibrary } from './render-library.ts';

const root = join(import.meta.dirname, '../../..');

it('docs/library.md matches the types; npm run docs generates it again', async () => {
  await expect(renderLibrary()).toMatchFileSnapshot(join(root, 'docs/library.md'));
});

it('the page lists every event of the union', () => {
  const source = readFileSync(join(root, 'packages/core/src/models/model-event.ts'), 'utf8');
  const kinds = [...source.matchAll(/^ {2}readonly type: '([a-z-]+)';$/gm)].map(([, kind]) => kind);
  const page = renderLibrary();
  expect(kinds.length).toBeGreaterThan(8);
  for (const kind of kinds) expect(page).toContain(`| \`${kind}\` |`);
});
