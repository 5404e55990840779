import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, fingerprint } from './fingerprint.mjs';
import { discardNote, readNote, writeNote } from './notes.mjs';
import { withProgress } from './progress.mjs';
import { runQuietly } from './run-process.mjs';
import { packageNames, workspaceNode, workspaceRoot } from './workspace.mjs';

/** @typedef {'javascript' | 'everything'} BuildLevel `everything` adds declarations and zips */

const outputFolders = ['dist', ...packageNames.map((name) => `packages/${name}/dist`)];

/**
 * Builds the packages. Skips the build if the last one used the same sources and the same level or a higher one.
 *
 * @param {BuildLevel} level
 * @throws {import('./run-process.mjs').StepFailure} with the compiler output
 */
export async function ensureBuilt(level) {
  const sources = fingerprint(
    ['packages', 'scripts', 'tsconfig.base.json', 'pnpm-lock.yaml'],
    (path) => !/[\\/](?:node_modules|dist)[\\/]|\.test(?:-d)?\.ts$/.test(path),
  );
  const note = readNote('built');
  const suffices = note.level === level || note.level === 'everything';
  const outputs = /** @type {string[]} */ (note.outputs ?? []);
  if (note.sources === sources && suffices && outputs.every(isThere)) return;

  discardNote('built');
  await withProgress('building', () =>
    runQuietly(workspaceNode, ['scripts/build/build.ts', level], {
      fix: 'The build failed: see the errors above.',
    }),
  );
  writeNote('built', { level, sources, outputs: filesUnder(outputFolders).filter(isThere) });
}

/** @param {string} path */
function isThere(path) {
  return existsSync(join(workspaceRoot, path));
}
