import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { workspaceRoot } from '../workspace.mjs';
import type { BundleContents } from './bundle-contents.ts';

/** The file for a bundle's contents. It is outside the folder of the bundle, so it is not deployed. */
function notePath(bundle: string): string {
  return join(workspaceRoot, 'dist', 'bundles', `${bundle.replaceAll('/', '.')}.json`);
}

/** Saves the contents of a bundle. `folder` is its absolute path. */
export function noteContents(folder: string, contents: BundleContents): void {
  const path = notePath(relative(workspaceRoot, folder).split(sep).join('/'));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(contents));
}

/** Reads the contents that the last build saved. `bundle` is a path relative to the workspace root. */
export function readContents(bundle: string): BundleContents {
  return JSON.parse(readFileSync(notePath(bundle), 'utf8'));
}
