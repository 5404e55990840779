import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workspaceRoot } from '../../scripts/workspace.mjs';
import { withLock } from '../../scripts/workspace-lock.mjs';

/** npm packages in a folder of their own. */
export interface InstalledPackages {
  readonly folder: string;
  /** Imports one of the packages, or a subpath of it. The result is unknown to the compiler: check what you use. */
  load<Module>(specifier: string): Promise<Module>;
  /** The path of a program that one of the packages brings. */
  program(name: string): string;
}

/**
 * Installs pinned packages into a cache outside of the workspace's dependencies, once for each set of versions. Tests use it for clients
 * that are too heavy, or not free enough, to be dependencies. Rejects if npm fails: a missing client is a failed test.
 */
export async function installPackages(versions: Readonly<Record<string, string>>): Promise<InstalledPackages> {
  const folder = await installInto(keyOf(versions), (scratch) => installFromNpm(versions, scratch));
  const require = createRequire(join(folder, 'package.json'));
  return {
    folder,
    load: async (specifier) => await import(pathToFileURL(require.resolve(specifier)).href),
    program: (name) => join(folder, 'node_modules/.bin', name),
  };
}

/**
 * Installs pinned Python packages in the same way, and resolves to the folder for `PYTHONPATH`. Rejects if pip fails: a missing client is
 * a failed test.
 */
export async function installPythonPackages(versions: Readonly<Record<string, string>>): Promise<string> {
  const packages = Object.entries(versions).map(([name, version]) => `${name}==${version}`);
  // pip asks every index for every package. By default it asks one that does not answer five times, with growing pauses.
  const options = ['--quiet', '--disable-pip-version-check', '--no-compile', '--retries', '1'];
  return await installInto(`python-${keyOf(versions)}`, (folder) =>
    run('python3', ['-m', 'pip', 'install', ...options, '--target', folder, ...packages]),
  );
}

function keyOf(versions: Readonly<Record<string, string>>): string {
  return createHash('sha256').update(JSON.stringify(versions)).digest('hex').slice(0, 16);
}

/** Fills a folder of the cache, once. Several test files may need the same packages at once: one installs, and the others wait. */
async function installInto(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(workspaceRoot, 'node_modules/.cache/real-clients', name);
  if (existsSync(folder)) return folder;
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    // A folder under its own name is complete.
    const scratch = `${folder}.part`;
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch);
    await fill(scratch);
    renameSync(scratch, folder);
  });
  return folder;
}

async function installFromNpm(versions: Readonly<Record<string, string>>, folder: string): Promise<void> {
  const manifest = { private: true, type: 'module', dependencies: versions };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const options = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  try {
    await run('npm', ['install', ...options], folder);
  } catch (error) {
    throw new Error(`npm could not install ${Object.keys(versions).join(', ')}: ${error}`);
  }
}

/** Runs a program until it ends. Rejects with what it printed as errors if it fails. */
async function run(program: string, args: readonly string[], cwd?: string): Promise<void> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(errors.trim());
}
