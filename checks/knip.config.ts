import type { KnipConfig } from 'knip';

/** The entries that knip cannot find itself, and the names that it must ignore. Each has its reason next to it. */
const config: KnipConfig = {
  // A type that an exported signature names is exported with it, so that its user can name it too.
  ignoreExportsUsedInFile: { interface: true, type: true },
  workspaces: {
    '.': {
      // `scripts/commands.mjs` and `.ci/run` start these by their paths.
      entry: [
        'scripts/build/build.ts',
        'scripts/bundles/report.ts',
        'scripts/prices/main.ts',
        'scripts/summarise-tests.mjs',
      ],
      project: ['scripts/**/*.{ts,mjs}'],
    },
    checks: {
      entry: ['api.ts', 'architecture.ts', 'packages.ts', 'request-path.ts', 'architecture.config.mjs'],
      // `scripts/commands.mjs` and the checks start these tools by their paths below checks/node_modules.
      ignoreDependencies: ['@arethetypeswrong/cli', '@biomejs/biome', '@changesets/cli', 'publint'],
    },
    'packages/core': {
      // An optional peer: only the door for OpenTelemetry imports it. The bundles hold the version of the root.
      ignoreDependencies: ['@opentelemetry/api'],
    },
    'packages/testing': {
      // `aws-lambda-ric` is looked up by its name in the folder of the tests that need it. `vitest` is an optional peer: only the
      // contract door imports it, and only tests open that door.
      ignoreDependencies: ['aws-lambda-ric', 'vitest'],
    },
    deploy: {
      entry: ['src/app/main.ts', 'src/doctor/main.ts', 'src/usage/main.ts', 'example/*.ts'],
      // `run-cdk.ts` looks up the path of its command line.
      ignoreDependencies: ['aws-cdk'],
      // A test makes a certificate with it.
      ignoreBinaries: ['openssl'],
    },
    local: {
      // The `index.html` of the playground loads `main.js`.
      entry: ['src/main.ts', 'src/playground/main.js'],
    },
    examples: {
      // People copy the examples, so their exports need no user here.
      entry: ['*.ts'],
    },
    tests: {
      entry: [
        // Copied into a project of its own, and compiled there.
        'packed-packages/uses/*.ts',
        // Loaded by Lambda's runtime, as functions.
        'lambda-runtime/fixtures/*/index.mjs',
        // Loaded before a function, as a layer.
        'telemetry/fixtures/layer.mjs',
      ],
      // Tests start it by its path, to run a bundle on Node 22.
      ignoreDependencies: ['node22'],
    },
    bench: {
      // `src/main.ts` starts the processes, and bundles the rivals, by their paths.
      entry: [
        'src/main.ts',
        'src/{measure-process,span-cost,stand-in-alone}.ts',
        'src/start-process.mjs',
        'rivals/*.ts',
      ],
    },
  },
};

export default config;
