import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { workspaceRoot } from './workspace.mjs';

/**
 * A hash of files and folders. It changes if a name or a content changes.
 *
 * @param {readonly string[]} paths relative to the workspace root; a missing path changes the hash too
 * @param {(path: string) => boolean} [counts] whether to include a file of a folder
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
 * Lists the files under some paths, sorted for each path and relative to the workspace root.
 *
 * @param {readonly string[]} paths a path that is not a folder is returned unchanged, even if it does not exist
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
