import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { workspaceRoot } from '../workspace.mjs';
import type { BundleContents } from './bundle-contents.ts';

/** Where a build notes what is in a bundle: in the root's dist, beside no bundle, so that nothing of it is deployed. */
function notePath(bundle: string): string {
  return join(workspaceRoot, 'dist', 'bundles', `${bundle.replaceAll('/', '.')}.json`);
}

/** Notes the contents of the bundle in `folder`, an absolute path. */
export function noteContents(folder: string, contents: BundleContents): void {
  const path = notePath(relative(workspaceRoot, folder).split(sep).join('/'));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(contents));
}

/** The contents that the last build noted for `bundle`, a path from the workspace's root. */
export function readContents(bundle: string): BundleContents {
  return JSON.parse(readFileSync(notePath(bundle), 'utf8'));
}
