import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'tsup';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Replacement } from './lambda-replacements.ts';
import { replaceModules } from './replace-modules.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-modules-'));
  write('entry.js', "import { speak } from 'verbose'; export const said = speak();");
  write('node_modules/verbose/package.json', '{"main":"./lib/index.js","type":"module"}');
  write('node_modules/verbose/lib/index.js', "import { word } from './word.js'; export const speak = () => word;");
  write('node_modules/verbose/lib/word.js', "export const word = 'original';");
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

async function built(...replacements: readonly Pick<Replacement, 'file' | 'source'>[]): Promise<string> {
  await build({
    ...{ config: false, entry: [join(folder, 'entry.js')], outDir: join(folder, 'out'), format: 'esm' },
    ...{ noExternal: [/./], silent: true, outExtension: () => ({ js: '.mjs' }) },
    esbuildOptions(options) {
      options.logLevel = 'silent';
    },
    esbuildPlugins: [replaceModules(replacements.map((replacement) => ({ because: 'of this test', ...replacement })))],
  });
  return readFileSync(join(folder, 'out/entry.mjs'), 'utf8');
}

describe('replaceModules', () => {
  it('replaces a module and resolves its imports like those of the original', async () => {
    const source = "import { word } from './word.js'; export const speak = () => 'instead of ' + word;";
    expect(await built({ file: 'verbose/lib/index.js', source })).toContain('instead of ');
  });

  it('changes the original source with a function', async () => {
    const source = (original: string) => original.replace('original', 'rewritten');
    expect(await built({ file: 'verbose/lib/word.js', source })).toContain('rewritten');
  });

  it.each([
    ['is not imported', { file: 'verbose/lib/gone.js', source: 'export {};' }],
    ['changes nothing', { file: 'verbose/lib/word.js', source: (original: string) => original }],
    ['lacks an imported name', { file: 'verbose/lib/word.js', source: 'export const other = 1;' }],
  ])('fails the build if a replacement %s', async (_case, replacement) => {
    await expect(built(replacement)).rejects.toMatchObject({ errors: [{}] });
  });
});
