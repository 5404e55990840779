import { existsSync, readFileSync } from 'node:fs';
import { fingerprint } from './fingerprint.mjs';
import { discardNote, readNote, writeNote } from './notes.mjs';
import { withProgress } from './progress.mjs';
import { runQuietly } from './run-process.mjs';
import { broughtNode, packageNames, workspaceRoot } from './workspace.mjs';

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
    ...['local', 'tests', 'checks'].map((name) => `${name}/package.json`),
  ]);
  const note = readNote('installed');
  const installed = levels.indexOf(/** @type {InstallLevel} */ (note.level));
  const wanted = levels[Math.max(installed, levels.indexOf(level))] ?? level;
  if (note.manifests === manifests && note.level === wanted && existsSync(broughtNode)) return;

  const { packageManager } = JSON.parse(readFileSync(`${workspaceRoot}/package.json`, 'utf8'));
  const args = ['--yes', packageManager, 'install', '--frozen-lockfile', '--config.confirm-modules-purge=false'];
  discardNote('installed');
  await withProgress('installing dependencies', () =>
    runQuietly('npx', [...args, ...pnpmArguments[wanted]], {
      env: installEnvironment(),
      mend: 'Is the npm registry within reach, and is there room on the disk? Then run the same command again.',
    }),
  );
  writeNote('installed', { level: wanted, manifests });
}

/** The environment without what npm tells its scripts about itself: pnpm would take it for its own settings. */
function installEnvironment() {
  const ofNpm =
    /^npm_(?:lifecycle|package|command|execpath|node_execpath|config_(?:prefix|local_prefix|global_prefix|user_agent|npm_version|node_gyp|init_module|package_lock|omit|production|workspaces?)$)/;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !ofNpm.test(name) && !['NODE_ENV', 'NODE_OPTIONS'].includes(name)),
  );
}
