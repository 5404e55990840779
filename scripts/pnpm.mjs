import { readFileSync } from 'node:fs';
import { runQuietly } from './run-process.mjs';
import { workspaceRoot } from './workspace.mjs';

/** Variables that npm sets for its scripts. A nested npm or pnpm would use them as settings. */
const setByNpm =
  /^npm_(?:lifecycle|package|command|execpath|node_execpath|config_(?:prefix|local_prefix|global_prefix|user_agent|npm_version|node_gyp|init_module|package_lock|omit|production|workspaces?)$)/;

/**
 * Runs the pnpm version of package.json through npx, so pnpm need not be installed.
 *
 * @param {readonly string[]} args
 * @param {string} fix tells the user how to fix a failure
 * @throws {import('./run-process.mjs').StepFailure}
 */
export async function runPnpm(args, fix) {
  const { packageManager } = JSON.parse(readFileSync(`${workspaceRoot}/package.json`, 'utf8'));
  await runQuietly('npx', ['--yes', packageManager, ...args], { env: environmentWithoutNpm(), fix });
}

/** The environment for a nested npm or pnpm: it keeps the user's settings and omits the variables that npm sets. */
export function environmentWithoutNpm() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !setByNpm.test(name) && !['NODE_ENV', 'NODE_OPTIONS'].includes(name),
    ),
  );
}
