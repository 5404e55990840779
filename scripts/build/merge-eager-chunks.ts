import { readFileSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type OutputChunk, type OutputOptions, type Plugin, rollup } from 'rollup';
import type { Options } from 'tsup';
import { bundleContents, type Metafile } from '../bundles/bundle-contents.ts';
import { noteContents } from '../bundles/contents-note.ts';

type EsbuildPlugin = NonNullable<Options['esbuildPlugins']>[number];

const metafiles = new Map<string, Metafile>();

/** Keeps what esbuild tells about a bundle for `mergeEagerChunks`. */
export function noteMetafile(outDir: string): EsbuildPlugin {
  return {
    name: 'note-metafile',
    setup(build) {
      const folder = resolve(outDir);
      build.onEnd(({ metafile }) => {
        if (metafile) metafiles.set(folder, metafile);
      });
    },
  };
}

/**
 * Joins the chunks that `index.mjs` imports statically into `index.mjs`, and saves the contents of the bundle. esbuild makes a chunk of
 * every set of modules that the same entries share, and each chunk is one more file to find, read and link at a cold start. Rollup knows
 * that what is loaded later finds `index.mjs` loaded, and imports from it.
 */
export async function mergeEagerChunks(outDir: string): Promise<void> {
  const folder = resolve(outDir);
  const metafile = metafiles.get(folder);
  if (!metafile) throw new Error(`esbuild wrote no bundle to ${outDir}`);
  const bundle = await rollup({
    input: { index: join(folder, 'index.mjs') },
    external: /^[^./]/,
    plugins: [sourceMaps],
    // Otherwise Rollup would put the code into another file, and keep an index.mjs that only passes the handler on.
    preserveEntrySignatures: 'allow-extension',
    treeshake: false,
    onwarn(warning) {
      throw new Error(warning.message);
    },
  });
  const old = (await readdir(folder)).filter((name) => /\.mjs(?:\.map)?$/.test(name));
  const { output } = await bundle.generate(outputOptions(folder));
  for (const name of old) rmSync(join(folder, name));
  await bundle.write(outputOptions(folder));
  await bundle.close();
  const chunks = output.filter((file) => file.type === 'chunk');
  noteContents(folder, bundleContents(describe(chunks, metafile)));
}

function outputOptions(dir: string): OutputOptions {
  const names = '[name].mjs';
  return {
    ...{ dir, format: 'es', sourcemap: true, compact: true, generatedCode: { preset: 'es2015' } },
    ...{ entryFileNames: names, chunkFileNames: names, hoistTransitiveImports: false },
  };
}

/** The source maps of esbuild, so that the new ones lead to the sources. */
const sourceMaps: Plugin = {
  name: 'source-maps',
  async load(id) {
    const code = await readFile(id, 'utf8');
    return { code: code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'), map: readFileSync(`${id}.map`, 'utf8') };
  },
};

/** The merged chunks in the form of esbuild. Each holds the inputs of the chunks of which it was made. */
function describe(chunks: readonly OutputChunk[], { outputs }: Metafile): Metafile {
  const inputsOf = new Map(Object.entries(outputs).map(([path, { inputs }]) => [basename(path), inputs]));
  const importsOf = ({ imports, dynamicImports }: OutputChunk, all: ReadonlySet<string>) => [
    ...imports.filter((name) => all.has(name)).map((path) => ({ path, kind: 'import-statement' })),
    ...dynamicImports.filter((name) => all.has(name)).map((path) => ({ path, kind: 'dynamic-import' })),
  ];
  const names = new Set(chunks.map(({ fileName }) => fileName));
  return {
    outputs: Object.fromEntries(
      chunks.map((chunk) => [
        chunk.fileName,
        {
          bytes: Buffer.byteLength(chunk.code),
          imports: importsOf(chunk, names),
          inputs: Object.assign({}, ...Object.keys(chunk.modules).map((path) => inputsOf.get(basename(path)))),
        },
      ]),
    ),
  };
}
