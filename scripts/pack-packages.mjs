import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runPnpm } from './pnpm.mjs';
import { packageNames } from './workspace.mjs';

/**
 * Packs every package as it would be published.
 *
 * @param {string} folder where the tarballs go
 * @returns {Promise<string[]>} their absolute paths, in the order of packageNames
 */
export async function packPackages(folder) {
  mkdirSync(folder, { recursive: true });
  const out = join(folder, '%s.tgz');
  await runPnpm(['--recursive', '--filter', './packages/*', 'pack', '--out', out], 'Is everything built?');
  return packageNames.map((name) => join(folder, `bedrock-proxy-${name}.tgz`));
}
