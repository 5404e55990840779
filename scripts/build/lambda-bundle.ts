import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Options } from 'tsup';
import { builtinModules } from './builtin-modules.ts';
import { lambdaReplacements } from './lambda-replacements.ts';
import { mergeEagerChunks, noteMetafile } from './merge-eager-chunks.ts';
import { oldestNode, refuseOlderNode } from './oldest-node.ts';
import { replaceModules } from './replace-modules.ts';
import { sourceAliases } from './source-entries.ts';
import { licensesFile, thirdPartyLicenses } from './third-party-licenses.ts';

type EsbuildPlugin = NonNullable<Options['esbuildPlugins']>[number];

/** Options for a deployable bundle: `index.mjs` and lazily loaded chunks, without dependencies except Node. */
export function lambdaBundle(source: string, outDir: string): Options {
  return {
    name: outDir,
    entry: { index: source },
    outDir,
    outExtension: () => ({ js: '.mjs' }),
    format: 'esm',
    target: `node${oldestNode}`,
    platform: 'node',
    noExternal: [/^[^.]/],
    splitting: true,
    treeshake: false,
    minify: true,
    sourcemap: true,
    removeNodeProtocol: false,
    silent: true,
    onSuccess: () => mergeEagerChunks(outDir),
    esbuildPlugins: [
      nodeCheck(source),
      workspaceSources,
      builtinModules,
      replaceModules(lambdaReplacements),
      noteMetafile(outDir),
      licenses(outDir),
    ],
    esbuildOptions(options) {
      options.absWorkingDir = process.cwd();
      options.mainFields = ['module', 'main'];
      options.legalComments = 'none';
    },
  };
}

/** Only `index.mjs` refuses an older Node. A banner would repeat the check in each chunk. */
function nodeCheck(source: string): EsbuildPlugin {
  return {
    name: 'node-check',
    setup(build) {
      const entry = resolve(source);
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) =>
        path === entry ? { contents: `${refuseOlderNode}\n${await readFile(path, 'utf8')}`, loader: 'ts' } : undefined,
      );
    },
  };
}

const workspaceSources: EsbuildPlugin = {
  name: 'workspace-sources',
  setup(build) {
    const aliases = sourceAliases();
    build.onResolve({ filter: /^@bedrock-proxy\// }, ({ path }) => {
      const alias = aliases.find(({ find }) => find.test(path));
      return alias
        ? { path: alias.replacement, sideEffects: false }
        : { errors: [{ text: `${path} is not an entry of a workspace package` }] };
    });
  },
};

function licenses(outDir: string): EsbuildPlugin {
  return {
    name: 'third-party-licenses',
    setup(build) {
      const folder = resolve(outDir);
      build.onEnd(({ metafile }) => {
        if (!metafile) return undefined;
        try {
          mkdirSync(folder, { recursive: true });
          writeFileSync(join(folder, licensesFile), thirdPartyLicenses(metafile, process.cwd()));
          return undefined;
        } catch (error) {
          return { errors: [{ text: error instanceof Error ? error.message : String(error) }] };
        }
      });
    },
  };
}
