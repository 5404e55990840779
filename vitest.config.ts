import { defineConfig } from 'vitest/config';
import { sourceAliases } from './scripts/build/source-entries.ts';

/** Tests that `npm test` does not run. They need more time or more tools: AWS CDK, curl, Python, a browser, or packed packages. */
const needsTheMachine = [
  'deploy/src/**/*.test.ts',
  'tests/clients/**/*.test.ts',
  'tests/documents/**/*.test.ts',
  'tests/examples/**/*.test.ts',
  'tests/packed-packages/*.test.ts',
  'tests/playground/**/*.test.ts',
  'tests/real-clients/**/*.test.ts',
];
/** Slow tests. Some of them measure time, so nothing runs beside them. */
const needsTheMachineAlone = ['tests/**/*.thorough.test.ts'];

const seed = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);
if (!process.env.TEST_SEED) {
  process.env.TEST_SEED = String(seed);
  console.log(`seed ${seed} (the same order and the same random cases again: TEST_SEED=${seed} npm test)`);
}

export default defineConfig({
  resolve: { alias: [...sourceAliases()] },
  test: {
    sequence: { seed, shuffle: { files: false, tests: true } },
    setupFiles: ['tests/seed-fast-check.ts'],
    coverage: {
      include: ['packages/core/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.test-d.ts'],
      reporter: ['text-summary'],
      thresholds: { statements: 95, branches: 95, functions: 95, lines: 95 },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'workspace',
          // Property tests take seconds on a busy machine.
          testTimeout: 15_000,
          include: [
            'packages/*/src/**/*.test.ts',
            'local/src/**/*.test.ts',
            'examples/*.test.ts',
            'checks/**/*.test.ts',
            'scripts/**/*.test.ts',
            'tests/**/*.test.ts',
          ],
          exclude: [
            ...['**/node_modules/**', '**/dist/**', 'tests/packed-packages/uses/**'],
            ...[...needsTheMachine, ...needsTheMachineAlone],
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'machine',
          include: needsTheMachine,
          exclude: ['**/node_modules/**', ...needsTheMachineAlone],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          // They mostly wait for other programs. By default a machine of two cores has one worker.
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'machine-alone',
          include: needsTheMachineAlone,
          testTimeout: 120_000,
          hookTimeout: 240_000,
          fileParallelism: false,
          // After the other projects.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
