import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { packPackages } from '../scripts/pack-packages.mjs';
import { workspaceRoot } from '../scripts/workspace.mjs';

const installed = join(workspaceRoot, 'checks/node_modules');
const publint = join(installed, 'publint/src/cli.js');
const areTheTypesWrong = join(installed, '@arethetypeswrong/cli/dist/index.js');

const folder = mkdtempSync(join(tmpdir(), 'bedrock-proxy-packages-'));
try {
  for (const tarball of await packPackages(folder)) {
    const passed =
      run([publint, 'run', tarball, '--strict']) && run([areTheTypesWrong, tarball, '--profile', 'esm-only', '-q']);
    console.log(`${basename(tarball)}: ${passed ? 'publishable' : 'NOT publishable'}`);
    if (!passed) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs a tool, and prints its output only if it fails. Returns whether it passed. */
function run(args: readonly string[]): boolean {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) console.error(stdout + stderr);
  return status === 0;
}
