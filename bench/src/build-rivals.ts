import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const bench = fileURLToPath(new URL('..', import.meta.url));

/** Bundles the rivals as esbuild does by default, minified. */
export async function buildRivals(): Promise<void> {
  await rm(`${bench}dist`, { recursive: true, force: true });
  for (const name of ['naive', 'lean', 'hono-ai-sdk']) {
    await build({
      absWorkingDir: bench,
      entryPoints: { index: `rivals/${name}.ts` },
      outdir: `dist/${name}`,
      outExtension: { '.js': '.mjs' },
      ...{ bundle: true, minify: true, platform: 'node', format: 'esm', target: 'node22', logLevel: 'error' },
      // CommonJS dependencies ask for Node's modules by it.
      banner: {
        js: "import { createRequire as createRequireOfBanner } from 'node:module'; const require = createRequireOfBanner(import.meta.url);",
      },
    });
  }
}
