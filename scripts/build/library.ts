import type { Options } from 'tsup';
import { oldestNode, refuseOlderNode } from './oldest-node.ts';
import { sourceEntries } from './source-entries.ts';

/** Options for the entries of a package: ES modules that import their dependencies from node_modules. */
export function library(packageName: string): Options {
  return {
    name: packageName,
    entry: Object.fromEntries(sourceEntries(packageName).map(({ output, source }) => [output, source])),
    outDir: 'dist',
    format: 'esm',
    target: `node${oldestNode}`,
    banner: { js: refuseOlderNode },
    platform: 'node',
    splitting: true,
    sourcemap: true,
    removeNodeProtocol: false,
    silent: true,
    esbuildOptions(options) {
      options.absWorkingDir = process.cwd();
    },
  };
}
