import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workspaceRoot } from '../../scripts/workspace.mjs';

/**
 * Installs pinned Python packages into a cache, once for each set of versions, and resolves to the folder for `PYTHONPATH`. Rejects if
 * pip fails: a missing client is a failed test.
 */
export async function installPythonPackages(versions: Readonly<Record<string, string>>): Promise<string> {
  const packages = Object.entries(versions).map(([name, version]) => `${name}==${version}`);
  const key = createHash('sha256').update(packages.join()).digest('hex').slice(0, 16);
  const folder = join(workspaceRoot, 'node_modules/.cache/real-clients', `python-${key}`);
  if (existsSync(folder)) return folder;
  // Several test files can install the same packages at once. The folder of the first one to finish is kept.
  const scratch = `${folder}.${process.pid}.${performance.now()}`;
  mkdirSync(scratch, { recursive: true });
  try {
    const options = ['--quiet', '--disable-pip-version-check', '--target', scratch];
    await promisify(execFile)('python3', ['-m', 'pip', 'install', ...options, ...packages]);
    if (!existsSync(folder)) renameSync(scratch, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return folder;
}
