import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageNames, workspaceRoot } from '../workspace.mjs';

interface PackageManifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

/** A public entry of a package. */
export interface SourceEntry {
  /** The import specifier, such as `@bedrock-proxy/core/http`. */
  readonly specifier: string;
  /** The path in the dist folder of the package, without extension, such as `http/index`. */
  readonly output: string;
  /** The absolute path of the TypeScript source. */
  readonly source: string;
}

/** The public entries of a package, read from `exports` in its package.json. */
export function sourceEntries(packageName: string): readonly SourceEntry[] {
  const folder = join(workspaceRoot, 'packages', packageName);
  const manifest: PackageManifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    if (typeof target === 'string') return [];
    const output = target.default.replace(/^\.\/dist\/(.+)\.js$/, '$1');
    return [{ specifier: manifest.name + subpath.slice(1), output, source: join(folder, 'src', `${output}.ts`) }];
  });
}

/** Aliases from every entry of a workspace package to its source, so that bundles and tests use the current source. */
export function sourceAliases(): readonly { readonly find: RegExp; readonly replacement: string }[] {
  return packageNames
    .flatMap(sourceEntries)
    .map(({ specifier, source }) => ({ find: new RegExp(`^${specifier}$`), replacement: source }));
}
