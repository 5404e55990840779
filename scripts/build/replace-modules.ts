import { readFile } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import type { Options } from 'tsup';
import type { Replacement } from './lambda-replacements.ts';

/**
 * An esbuild plugin that builds with `replacements`, and fails the build where one of them changes nothing: a dependency has then
 * changed its files, and carries what was left out again.
 */
export function replaceModules(replacements: readonly Replacement[]): NonNullable<Options['esbuildPlugins']>[number] {
  return {
    name: 'replace-modules',
    setup(build) {
      const alive = new Set<Replacement>();
      const files = replacements.map(({ file }) => file.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]'));
      build.onLoad({ filter: new RegExp(`[\\\\/]node_modules[\\\\/](?:${files.join('|')})$`) }, async ({ path }) => {
        const replacement = replacements.find(({ file }) =>
          path.split(sep).join('/').endsWith(`/node_modules/${file}`),
        );
        if (!replacement) return undefined;
        const contents = await newSource(replacement, path);
        if (contents !== undefined) alive.add(replacement);
        return { contents: contents ?? '', loader: path.endsWith('.json') ? 'json' : 'js', resolveDir: dirname(path) };
      });
      build.onEnd(({ errors }) => {
        if (errors.length > 0) return undefined;
        const dead = replacements.filter((replacement) => !alive.has(replacement));
        return { errors: dead.map(({ file }) => ({ text: `the replacement of ${file} changes nothing any more` })) };
      });
    },
  };
}

/** Undefined where the old source holds nothing that would be changed. */
async function newSource({ source }: Replacement, path: string): Promise<string | undefined> {
  if (typeof source === 'string') return source;
  const original = await readFile(path, 'utf8');
  const rewritten = source(original);
  return rewritten === original ? undefined : rewritten;
}
