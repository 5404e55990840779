import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { packPackages } from './pack-packages.mjs';
import { runPnpm } from './pnpm.mjs';
import { publishPackages } from './publish-packages.mjs';
import { runInForeground } from './run-process.mjs';
import { startLog } from './start-log.mjs';
import { workspaceRoot } from './workspace.mjs';

const vitest = ['node_modules/vitest/vitest.mjs', 'run'];
const biome = 'checks/node_modules/@biomejs/biome/bin/biome';

/**
 * Starts the local server. Its log is JSON, and readable at a terminal.
 *
 * @param {readonly string[]} args
 */
export async function start(args) {
  return await runInForeground(['local/src/main.ts', ...args], startLog({ isReadable: process.stdout.isTTY }));
}

/**
 * Runs the tests that need no tools except Node and npm.
 *
 * @param {readonly string[]} args
 */
export async function test(args) {
  // Vitest leaves one core free. With two cores, it would run one file at a time, although most tests only wait.
  const workers = args.some((arg) => arg.startsWith('--maxWorkers'))
    ? []
    : [`--maxWorkers=${Math.max(2, availableParallelism() - 1)}`];
  return await runInForeground([...vitest, '--project', 'workspace', ...workers, ...args]);
}

/**
 * Runs all tests. Some need other tools, such as Python or a browser. A missing tool is a failure.
 *
 * @param {readonly string[]} args
 */
export async function testAll(args) {
  return await runInForeground([...vitest, ...args]);
}

/** @param {readonly string[]} args */
export async function lint(args) {
  const colors = process.stdout.isTTY ? [] : ['--colors=off'];
  return await runInForeground([biome, 'ci', ...colors, ...args]);
}

/** @param {readonly string[]} args */
export async function format(args) {
  return await runInForeground([biome, 'check', '--write', ...args]);
}

/** @param {readonly string[]} args */
export async function typecheck(args) {
  return await runInForeground(['node_modules/typescript/bin/tsc6', '--build', ...args]);
}

/**
 * The arrows between the sources, and the path of one request through them.
 *
 * @param {readonly string[]} args `--files` lists the files of the path
 */
export async function checkArchitecture(args) {
  const code = await runInForeground(['checks/architecture.ts']);
  return code === 0 ? await runInForeground(['checks/request-path.ts', ...args]) : code;
}

/**
 * Finds files, exports and dependencies that nothing uses.
 *
 * @param {readonly string[]} args
 */
export async function knip(args) {
  return await runInForeground(['checks/node_modules/knip/bin/knip.js', '--config', 'checks/knip.config.ts', ...args]);
}

/**
 * Writes the lists of what the packages export.
 *
 * @param {readonly string[]} args `--check` compares instead, and writes nothing
 */
export async function api(args) {
  return await runInForeground(['checks/api.ts', ...args]);
}

export async function checkPackages() {
  return await runInForeground(['checks/packages.ts']);
}

/** Writes the packages to dist/, as they would be published, and prints their paths. */
export async function pack() {
  const tarballs = await packPackages(join(workspaceRoot, 'dist'));
  for (const tarball of tarballs) console.log(relative(process.cwd(), tarball));
  console.log(`To install them in your project, for example: npm install ${tarballs.slice(0, 2).join(' ')}`);
  return 0;
}

/** Generates the documents that describe the code. The test that checks them also updates them. */
export async function generateDocuments() {
  const generated = ['tests/documents/configuration', 'tests/documents/library'];
  return await runInForeground([...vitest, '--project', 'machine', ...generated, '--update']);
}

/**
 * Records a change for the changelogs. With `version`, updates the changelogs and the package versions.
 *
 * @param {readonly string[]} args
 */
export async function changeset(args) {
  return await runInForeground(['checks/node_modules/@changesets/cli/bin.js', ...args]);
}

/** @param {readonly string[]} args `--dry-run` sends nothing */
export async function publish(args) {
  const tag = process.env.GITHUB_REF_TYPE === 'tag' ? process.env.GITHUB_REF_NAME : undefined;
  return await publishPackages({ tag, dryRun: args.includes('--dry-run') });
}

/** @param {readonly string[]} args */
export async function usage(args) {
  return await runInForeground(['deploy/src/usage/main.ts', ...args]);
}

/** @param {readonly string[]} args */
export async function prices(args) {
  return await runInForeground(['scripts/prices/main.ts', ...args]);
}

/** @param {readonly string[]} args */
export async function synth(args) {
  return await runInForeground(['deploy/src/app/main.ts', 'synth', ...args]);
}

/** @param {readonly string[]} args */
export async function deploy(args) {
  return await runInForeground(['deploy/src/app/main.ts', 'deploy', ...args]);
}

/** @param {readonly string[]} args */
export async function doctor(args) {
  return await runInForeground(['deploy/src/doctor/main.ts', ...args]);
}

export async function reportBundles() {
  return await runInForeground(['scripts/bundles/report.ts']);
}

/** @param {readonly string[]} args */
export async function bench(args) {
  await runPnpm(
    ['install', '--dir', 'bench', '--frozen-lockfile'],
    'The benchmark has its own dependencies in bench/. Check that the npm registry is reachable.',
  );
  return await runInForeground(['bench/src/main.ts', ...args]);
}
