import { expect, it } from 'vitest';
import { bundleContents } from './bundle-contents.ts';

const chunk = (bytes: number, input: string, ...imports: { path: string; kind: string; external?: boolean }[]) => ({
  bytes,
  imports,
  inputs: { [input]: { bytesInOutput: bytes - 1 } },
});
const statically = (path: string) => ({ path, kind: 'import-statement' });

it('separates direct and indirect static imports of index.mjs from code that is loaded later', () => {
  const contents = bundleContents({
    outputs: {
      'dist/index.mjs': chunk(10, 'src/a.ts', statically('dist/b.mjs'), { path: 'dist/d.mjs', kind: 'dynamic-import' }),
      'dist/b.mjs': chunk(20, '../node_modules/.pnpm/b@1/node_modules/@x/b/i.js', statically('dist/c.mjs')),
      'dist/c.mjs': chunk(30, 'src/c.ts', statically('dist/b.mjs'), { ...statically('node:fs'), external: true }),
      'dist/d.mjs': chunk(40, '../node_modules/d/index.js', statically('dist/c.mjs')),
      'dist/index.mjs.map': chunk(1000, 'src/a.ts'),
    },
  });
  expect(contents).toEqual({
    eager: { bytes: 60, byPackage: { 'bedrock-proxy': 38, '@x/b': 19 } },
    lazy: { bytes: 40, byPackage: { d: 39 } },
  });
});
