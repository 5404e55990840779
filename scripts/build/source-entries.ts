import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageNames, workspaceRoot } from '../workspace.mjs';

interface PackageManifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

/** One public entry of a package: how it is imported, where it is built, and what it is built from. */
export interface SourceEntry {
  /** For example `@bedrock-proxy/core/http`. */
  readonly specifier: string;
  /** Path within the package's dist, without extension: `http/index`. */
  readonly output: string;
  /** Absolute path of the TypeScript source. */
  readonly source: string;
}

/** The public entries of a package, read from its `exports`, which are the one list of them. */
export function sourceEntries(packageName: string): readonly SourceEntry[] {
  const folder = join(workspaceRoot, 'packages', packageName);
  const manifest: PackageManifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    if (typeof target === 'string') return [];
    const output = target.default.replace(/^\.\/dist\/(.+)\.js$/, '$1');
    return [{ specifier: manifest.name + subpath.slice(1), output, source: join(folder, 'src', `${output}.ts`) }];
  });
}

/** Every import of a workspace package, led to its source: what is bundled or tested is what is written. */
export function sourceAliases(): readonly { readonly find: RegExp; readonly replacement: string }[] {
  return packageNames
    .flatMap(sourceEntries)
    .map(({ specifier, source }) => ({ find: new RegExp(`^${specifier}$`), replacement: source }));
}
