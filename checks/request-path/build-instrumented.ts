import { join } from 'node:path';
import { build, type Options } from 'tsup';
import { lambdaBundle } from '../../scripts/build/lambda-bundle.ts';
import { workspaceRoot } from '../../scripts/workspace.mjs';
import { noteEntries } from './note-entries.ts';

type EsbuildPlugin = NonNullable<Options['esbuildPlugins']>[number];

/** The plugins of a bundle without the last one, which notes the bundle's contents for the size report. */
const pluginsOf = ({ esbuildPlugins = [] }: Options): readonly EsbuildPlugin[] => esbuildPlugins.slice(0, -1);

/** The source files of a bundle. */
export interface BundleSources {
  readonly all: readonly string[];
  /** Those that a cold start reads: the others are imported at their first use. */
  readonly atStart: readonly string[];
}

/**
 * Builds the Function URL bundle from instrumented sources, and the emulator and Lambda's runtime beside it.
 *
 * @param folder for `function-url/index.mjs`, `emulator/index.mjs` and `lambda/index.mjs`
 */
export async function buildInstrumented(folder: string): Promise<BundleSources> {
  let sources: BundleSources = { all: [], atStart: [] };
  const noteSources: EsbuildPlugin = {
    name: 'note-sources',
    setup(esbuild) {
      esbuild.onEnd(({ metafile }) => {
        const { inputs = {}, outputs = {} } = metafile ?? {};
        const own = (paths: Iterable<string>) => [...paths].filter(isSource);
        const kept = keptIn(outputs);
        sources = {
          all: own(Object.keys(inputs)),
          atStart: own(importedAtStart(inputs)).filter((path) => kept.has(path)),
        };
      });
    },
  };
  const bundle = lambdaBundle(
    join(workspaceRoot, 'packages/lambda-adapter/src/lambda.ts'),
    join(folder, 'function-url'),
  );
  const before = process.cwd();
  try {
    process.chdir(join(workspaceRoot, 'packages/lambda-adapter'));
    await build({
      ...{ ...bundle, config: false, minify: false },
      esbuildPlugins: [...pluginsOf(bundle), noteEntries, noteSources],
    });
    process.chdir(join(workspaceRoot, 'packages/testing'));
    await build({
      ...{ config: false, format: 'esm', platform: 'node', target: 'node22', silent: true, outDir: folder },
      entry: {
        'emulator/index': join(workspaceRoot, 'packages/testing/src/emulator/index.ts'),
        'lambda/index': join(workspaceRoot, 'packages/testing/src/lambda/index.ts'),
      },
      outExtension: () => ({ js: '.mjs' }),
      esbuildPlugins: [...pluginsOf(bundle).slice(0, 1)],
    });
  } finally {
    process.chdir(before);
  }
  return sources;
}

function isSource(path: string): boolean {
  return /(?:^|\/)src\/.*\.ts$/.test(path) && !path.includes('node_modules/');
}

type Inputs = Readonly<
  Record<string, { readonly imports: readonly { readonly path: string; readonly kind: string }[] }>
>;

type Outputs = Readonly<
  Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
>;

/** The files of which code is in a bundle. Of the others, such as an `index.ts`, esbuild leaves nothing. */
function keptIn(outputs: Outputs): ReadonlySet<string> {
  const parts = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return new Set(parts.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path));
}

/** The entry of a bundle, and what it imports statically, over any number of files. */
function importedAtStart(inputs: Inputs): ReadonlySet<string> {
  const entry = Object.keys(inputs).find((path) => path.endsWith('src/lambda.ts'));
  const found = new Set(entry === undefined ? [] : [entry]);
  for (const path of found) {
    for (const { path: imported, kind } of inputs[path]?.imports ?? []) {
      if (kind !== 'dynamic-import') found.add(imported);
    }
  }
  return found;
}
