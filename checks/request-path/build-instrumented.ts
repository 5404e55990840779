import { join } from 'node:path';
import { build, type Options } from 'tsup';
import { lambdaBundle } from '../../scripts/build/lambda-bundle.ts';
import { workspaceRoot } from '../../scripts/workspace.mjs';
import { noteEntries } from './note-entries.ts';

type EsbuildPlugin = NonNullable<Options['esbuildPlugins']>[number];

/** The plugins of a bundle without the last one, which notes the bundle's contents for the size report. */
const pluginsOf = ({ esbuildPlugins = [] }: Options): readonly EsbuildPlugin[] => esbuildPlugins.slice(0, -1);

/**
 * Builds the Function URL bundle from instrumented sources, and the emulator and Lambda's runtime beside it.
 *
 * @param folder for `function-url/index.mjs`, `emulator/index.mjs` and `lambda/index.mjs`
 * @returns the source files of the bundle
 */
export async function buildInstrumented(folder: string): Promise<readonly string[]> {
  const sources: string[] = [];
  const noteSources: EsbuildPlugin = {
    name: 'note-sources',
    setup(esbuild) {
      esbuild.onEnd(({ metafile }) => {
        const inputs = Object.keys(metafile?.inputs ?? {});
        sources.push(...inputs.filter((path) => /(?:^|\/)src\/.*\.ts$/.test(path) && !path.includes('node_modules/')));
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
