import { readFileSync } from 'node:fs';
import { runQuietly } from './run-process.mjs';
import { workspaceRoot } from './workspace.mjs';

/** What npm tells its scripts about itself; another npm, or pnpm, would take it for its own settings. */
const setByNpm =
  /^npm_(?:lifecycle|package|command|execpath|node_execpath|config_(?:prefix|local_prefix|global_prefix|user_agent|npm_version|node_gyp|init_module|package_lock|omit|production|workspaces?)$)/;

/**
 * Runs the pnpm that package.json names, fetched by npx, so that nobody has to have it.
 *
 * @param {readonly string[]} args
 * @param {string} mend what to do where it fails
 * @throws {import('./run-process.mjs').StepFailure}
 */
export async function runPnpm(args, mend) {
  const { packageManager } = JSON.parse(readFileSync(`${workspaceRoot}/package.json`, 'utf8'));
  await runQuietly('npx', ['--yes', packageManager, ...args], { env: environmentWithoutNpm(), mend });
}

/** This process's environment for an npm or pnpm of its own: settings that a person made hold, npm's own do not. */
export function environmentWithoutNpm() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !setByNpm.test(name) && !['NODE_ENV', 'NODE_OPTIONS'].includes(name),
    ),
  );
}
