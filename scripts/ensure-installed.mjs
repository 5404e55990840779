import { existsSync } from 'node:fs';
import { fingerprint } from './fingerprint.mjs';
import { discardNote, readNote, writeNote } from './notes.mjs';
import { runPnpm } from './pnpm.mjs';
import { withProgress } from './progress.mjs';
import { broughtNode, packageNames } from './workspace.mjs';

/** @typedef {'start' | 'test' | 'all'} InstallLevel each holds the one before it */

const runtimeProjects = ['--filter', 'bedrock-proxy', '--filter', './packages/*', '--filter', './local'];

/** @type {Readonly<Record<InstallLevel, readonly string[]>>} */
const pnpmArguments = {
  start: ['--prod', ...runtimeProjects],
  test: [...runtimeProjects, '--filter', './tests'],
  all: [],
};

const levels = /** @type {InstallLevel[]} */ (Object.keys(pnpmArguments));

/**
 * Installs the locked dependencies, unless those of this level or a higher one are there already. What an earlier
 * command installed is kept: the level never falls.
 *
 * @param {InstallLevel} level
 * @throws {import('./run-process.mjs').StepFailure} that says how to mend it
 */
export async function ensureInstalled(level) {
  const manifests = fingerprint([
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    '.npmrc',
    'package.json',
    ...packageNames.map((name) => `packages/${name}/package.json`),
    ...['local', 'deploy', 'examples', 'tests', 'tests/playground', 'checks'].map((name) => `${name}/package.json`),
  ]);
  const note = readNote('installed');
  const installed = levels.indexOf(/** @type {InstallLevel} */ (note.level));
  const wanted = levels[Math.max(installed, levels.indexOf(level))] ?? level;
  if (note.manifests === manifests && note.level === wanted && existsSync(broughtNode)) return;

  discardNote('installed');
  await withProgress('installing dependencies', () =>
    runPnpm(
      ['install', '--frozen-lockfile', '--config.confirm-modules-purge=false', ...pnpmArguments[wanted]],
      'Is the npm registry within reach, and is there room on the disk? Then run the same command again.',
    ),
  );
  writeNote('installed', { level: wanted, manifests });
}
