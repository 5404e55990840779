import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

interface PackageManifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

const root = new URL('./', import.meta.url);

/** What needs more than the npm registry gives: another language's client, curl, tarballs installed elsewhere. */
const needsTheMachine = ['tests/clients/**/*.test.ts', 'tests/packed-packages/**/*.test.ts'];

/** Every public entry of every package, led to its source: tests judge what is written, not what was last built. */
function sourceAliases() {
  return readdirSync(new URL('packages/', root)).flatMap((folder) => {
    const manifest: PackageManifest = JSON.parse(
      readFileSync(new URL(`packages/${folder}/package.json`, root), 'utf8'),
    );
    return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
      if (typeof target === 'string') return [];
      const source = target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
      return [
        {
          find: new RegExp(`^${manifest.name}${subpath.slice(1)}$`),
          replacement: fileURLToPath(new URL(`packages/${folder}/${source}`, root)),
        },
      ];
    });
  });
}

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 2 ** 31);
if (!process.env['TEST_SEED']) {
  process.env['TEST_SEED'] = String(seed);
  console.log(`seed ${seed} (the same order and the same random cases again: TEST_SEED=${seed} npm test)`);
}

export default defineConfig({
  resolve: { alias: sourceAliases() },
  test: {
    sequence: { seed, shuffle: { files: false, tests: true } },
    setupFiles: ['tests/seed-fast-check.ts'],
    coverage: { include: ['packages/*/src/**/*.ts'], exclude: ['**/*.test.ts', '**/*.test-d.ts'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'workspace',
          include: ['packages/*/src/**/*.test.ts', 'local/src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', ...needsTheMachine],
        },
      },
      {
        extends: true,
        test: { name: 'machine', include: needsTheMachine, testTimeout: 120_000, hookTimeout: 240_000 },
      },
    ],
  },
});
