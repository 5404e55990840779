import { readFile } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import type { Options } from 'tsup';
import type { Replacement } from './lambda-replacements.ts';

/**
 * An esbuild plugin that applies `replacements`. The build fails if a replacement has no effect, because a new version
 * of a dependency has then moved or changed the file.
 */
export function replaceModules(replacements: readonly Replacement[]): NonNullable<Options['esbuildPlugins']>[number] {
  return {
    name: 'replace-modules',
    setup(build) {
      const applied = new Set<Replacement>();
      const files = replacements.map(({ file }) => file.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]'));
      build.onLoad({ filter: new RegExp(`[\\\\/]node_modules[\\\\/](?:${files.join('|')})$`) }, async ({ path }) => {
        const replacement = replacements.find(({ file }) =>
          path.split(sep).join('/').endsWith(`/node_modules/${file}`),
        );
        if (!replacement) return undefined;
        const contents = await newSource(replacement, path);
        if (contents !== undefined) applied.add(replacement);
        return { contents: contents ?? '', loader: path.endsWith('.json') ? 'json' : 'js', resolveDir: dirname(path) };
      });
      build.onEnd(({ errors }) => {
        if (errors.length > 0) return undefined;
        const unused = replacements.filter((replacement) => !applied.has(replacement));
        return { errors: unused.map(({ file }) => ({ text: `the replacement of ${file} has no effect` })) };
      });
    },
  };
}

/** Returns undefined if the replacement does not change the original source. */
async function newSource({ source }: Replacement, path: string): Promise<string | undefined> {
  if (typeof source === 'string') return source;
  const original = await readFile(path, 'utf8');
  const rewritten = source(original);
  return rewritten === original ? undefined : rewritten;
}
