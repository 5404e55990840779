import type { Options } from 'tsup';
import { sourceEntries } from './source-entries.ts';

/** How a package's own entries are built: plain ESM that leaves dependencies where npm puts them. */
export function library(packageName: string): Options {
  return {
    name: packageName,
    entry: Object.fromEntries(sourceEntries(packageName).map(({ output, source }) => [output, source])),
    outDir: 'dist',
    format: 'esm',
    target: 'node22',
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
