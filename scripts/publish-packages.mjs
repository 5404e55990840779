import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packPackages } from './pack-packages.mjs';
import { environmentWithoutNpm } from './pnpm.mjs';
import { runQuietly, StepFailure } from './run-process.mjs';
import { packageNames, workspaceRoot } from './workspace.mjs';

/**
 * Publishes the packages, each after those that it depends on. What npm has already is left as it is, so that a run which
 * failed half-way is run again. npm asks the workflow for its identity: there is no token.
 *
 * @param {{ readonly tag?: string | undefined, readonly dryRun?: boolean }} options `tag` is the one being released: `v1.2.3`
 * @throws {StepFailure} where the tag is not the packages' version, or npm refuses
 */
export async function publishPackages({ tag, dryRun = false }) {
  const manifests = packageNames.map(readManifest);
  for (const { name, version } of manifests) {
    if (tag !== undefined && tag !== `v${version}`) {
      throw new StepFailure(
        `the tag is ${tag}, and ${name} is ${version}: run npm run changeset -- version, then tag that commit`,
      );
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'bedrock-proxy-publish-'));
  try {
    const tarballs = await packPackages(folder);
    for (const [index, { name, version }] of manifests.entries()) {
      if (isPublished(name, version)) {
        console.log(`${name}@${version} is on npm already`);
        continue;
      }
      const how = dryRun ? ['--dry-run'] : ['--provenance'];
      await runQuietly('npm', ['publish', String(tarballs[index]), '--access', 'public', ...how], {
        env: environmentWithoutNpm(),
        mend: 'What is published stays so: mend it and run the same again.',
      });
      console.log(`${name}@${version} ${dryRun ? 'would be' : 'is'} published`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} packageName
 * @returns {{ readonly name: string, readonly version: string }}
 */
function readManifest(packageName) {
  return JSON.parse(readFileSync(join(workspaceRoot, 'packages', packageName, 'package.json'), 'utf8'));
}

/**
 * @param {string} name
 * @param {string} version
 */
function isPublished(name, version) {
  const { stdout } = spawnSync('npm', ['view', `${name}@${version}`, 'version'], {
    encoding: 'utf8',
    env: environmentWithoutNpm(),
  });
  return stdout.trim() === version;
}
