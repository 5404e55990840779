import { existsSync } from 'node:fs';
import { fingerprint } from './fingerprint.mjs';
import { discardNote, readNote, writeNote } from './notes.mjs';
import { runPnpm } from './pnpm.mjs';
import { withProgress } from './progress.mjs';
import { packageNames, workspaceNode } from './workspace.mjs';

/** @typedef {'start' | 'test' | 'all'} InstallLevel each level includes the previous ones */

const runtimeProjects = ['--filter', 'bedrock-proxy', '--filter', './packages/*', '--filter', './local'];

/** @type {Readonly<Record<InstallLevel, readonly string[]>>} */
const pnpmArguments = {
  start: ['--prod', ...runtimeProjects],
  test: [...runtimeProjects, '--filter', './tests'],
  all: [],
};

const levels = /** @type {InstallLevel[]} */ (Object.keys(pnpmArguments));

/**
 * Installs the locked dependencies of a level, unless they are installed. A higher level that is already installed
 * remains.
 *
 * @param {InstallLevel} level
 * @throws {import('./run-process.mjs').StepFailure} if the installation fails
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
  if (note.manifests === manifests && note.level === wanted && existsSync(workspaceNode)) return;

  discardNote('installed');
  await withProgress('installing dependencies', () =>
    runPnpm(
      ['install', '--frozen-lockfile', '--config.confirm-modules-purge=false', ...pnpmArguments[wanted]],
      'Check that the npm registry is reachable and that the disk has free space, then run the same command again.',
    ),
  );
  writeNote('installed', { level: wanted, manifests });
}
