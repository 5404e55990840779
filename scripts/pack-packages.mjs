import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runPnpm } from './pnpm.mjs';
import { packageNames } from './workspace.mjs';

/**
 * Packs every package as npm would publish it.
 *
 * @param {string} folder the folder for the tarballs
 * @returns {Promise<string[]>} the absolute paths of the tarballs, in the order of packageNames
 */
export async function packPackages(folder) {
  mkdirSync(folder, { recursive: true });
  const out = join(folder, '%s.tgz');
  await runPnpm(
    ['--recursive', '--filter', './packages/*', 'pack', '--out', out],
    'Check that all packages are built.',
  );
  return packageNames.map((name) => join(folder, `bedrock-proxy-${name}.tgz`));
}
