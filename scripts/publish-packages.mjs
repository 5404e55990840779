import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentWithoutNpm } from './pnpm.mjs';
import { runCommandInForeground, StepFailure } from './run-process.mjs';
import { packageNames, workspaceNode, workspaceRoot } from './workspace.mjs';

const changesets = 'checks/node_modules/@changesets/cli/bin.js';

/**
 * Publishes the packages with `changeset publish`. It skips the versions that npm already has, so that you can run it again after
 * a failure. In CI, npm gets the identity of the workflow, and no token.
 *
 * This file does what Changesets does not do. It compares the release's tag with the versions. It puts the workspace's pnpm on the
 * PATH. It replaces the missing dry run by the publish plan. Changesets makes no git tags here, because the release's tag exists.
 *
 * @param {{ readonly tag?: string | undefined, readonly dryRun?: boolean }} options `tag` is the tag of the release: `v1.2.3`
 * @returns {Promise<number>} the exit code of Changesets
 * @throws {StepFailure} if the tag is not the version of the packages
 */
export async function publishPackages({ tag, dryRun = false }) {
  for (const { name, version } of packageNames.map(readManifest)) {
    if (tag !== undefined && tag !== `v${version}`) {
      throw new StepFailure(
        `the tag is ${tag}, and ${name} is ${version}: run npm run changeset -- version, then tag that commit`,
      );
    }
  }
  assertRecentPrices();
  const { packageManager } = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8'));
  const command = [workspaceNode, changesets, ...(dryRun ? ['publish-plan'] : ['publish', '--no-git-tag'])];
  return await runCommandInForeground(
    'npx',
    ['--yes', '--package', packageManager, '--', ...command],
    environmentWithoutNpm(),
  );
}

const mostDays = 120;

/**
 * @param {number} now milliseconds since 1970
 * @throws {StepFailure} if the built-in prices of models are too old
 */
export function assertRecentPrices(now = Date.now()) {
  const source = readFileSync(join(workspaceRoot, 'packages/core/src/limits/built-in-prices.ts'), 'utf8');
  const date = /pricesOf = '(.+)'/.exec(source)?.[1] ?? '';
  if (now - Date.parse(date) <= mostDays * 86_400_000) return;
  throw new StepFailure(
    `the built-in prices are of ${date}, over ${mostDays} days ago: update @pydantic/genai-prices, then run npm run prices`,
  );
}

/**
 * @param {string} packageName
 * @returns {{ readonly name: string, readonly version: string }}
 */
function readManifest(packageName) {
  return JSON.parse(readFileSync(join(workspaceRoot, 'packages', packageName, 'package.json'), 'utf8'));
}
