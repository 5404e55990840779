import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ourBundles = {
  'function-url': 'lambda-adapter/dist/lambda',
  'web-function': 'lambda-adapter/dist/web-function',
  'rest-stream': 'apigw-adapter/dist/lambda-stream',
  'rest-buffered': 'apigw-adapter/dist/lambda',
};

const bench = fileURLToPath(new URL('..', import.meta.url));

/**
 * Copies our bundles, because a build could replace them during the measurement. Bundles and minifies the rivals with
 * esbuild's defaults.
 */
export async function gatherBundles(): Promise<void> {
  await rm(`${bench}dist`, { recursive: true, force: true });
  for (const [name, folder] of Object.entries(ourBundles)) {
    await cp(`${bench}../packages/${folder}`, `${bench}dist/${name}`, { recursive: true });
  }
  for (const name of ['naive', 'lean', 'byte-pipe', 'hono-ai-sdk', 'portkey']) {
    await build({
      absWorkingDir: bench,
      entryPoints: { index: `rivals/${name}.ts` },
      outdir: `dist/${name}`,
      outExtension: { '.js': '.mjs' },
      ...(name === 'portkey' && { alias: { '@hono/node-server': './rivals/portkey-server.ts' } }),
      ...{ bundle: true, minify: true, platform: 'node', format: 'esm', target: 'node22', logLevel: 'error' },
      // CommonJS dependencies load Node's modules with `require`.
      banner: {
        js: "import { createRequire as createRequireOfBanner } from 'node:module'; const require = createRequireOfBanner(import.meta.url);",
      },
    });
  }
}
