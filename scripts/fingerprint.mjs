import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { workspaceRoot } from './workspace.mjs';

/**
 * One hash over files and folders: it changes when any content or name in them does.
 *
 * @param {readonly string[]} paths from the workspace's root; what is missing counts as missing
 * @param {(path: string) => boolean} [counts] whether a file inside a folder counts
 * @returns {string} hexadecimal SHA-256
 */
export function fingerprint(paths, counts = () => true) {
  const hash = createHash('sha256');
  for (const path of filesUnder(paths).filter(counts)) {
    const content = existsSync(join(workspaceRoot, path)) ? readFileSync(join(workspaceRoot, path)) : undefined;
    hash.update(`${path}\0${content?.length ?? 'missing'}\0`).update(content ?? '');
  }
  return hash.digest('hex');
}

/**
 * The files at and under some paths, sorted within each, as paths from the workspace's root.
 *
 * @param {readonly string[]} paths a path that is no folder stands for itself, there or not
 * @returns {string[]}
 */
export function filesUnder(paths) {
  return paths.flatMap((path) => {
    const folder = join(workspaceRoot, path);
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [path];
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(workspaceRoot, join(entry.parentPath, entry.name)))
      .sort();
  });
}
