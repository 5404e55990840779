import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workspaceRoot } from '../../scripts/workspace.mjs';

/** npm packages in a separate folder. */
export interface InstalledPackages {
  readonly folder: string;
  /** Imports one of the packages, or a subpath of it. The compiler does not know the result, so check it. */
  load<Module>(specifier: string): Promise<Module>;
  /** The path of a program in one of the packages. */
  program(name: string): string;
}

/**
 * Installs pinned packages into a cache outside of the workspace's dependencies, once for each set of versions. Tests use it for clients
 * that are too heavy, or not free enough, to be dependencies. Rejects if npm fails: a missing client is a failed test.
 */
export async function installPackages(versions: Readonly<Record<string, string>>): Promise<InstalledPackages> {
  const key = createHash('sha256').update(JSON.stringify(versions)).digest('hex').slice(0, 16);
  const folder = join(workspaceRoot, 'node_modules/.cache/real-clients', key);
  if (!existsSync(folder)) await install(versions, folder);
  const require = createRequire(join(folder, 'package.json'));
  return {
    folder,
    load: async (specifier) => await import(pathToFileURL(require.resolve(specifier)).href),
    program: (name) => join(folder, 'node_modules/.bin', name),
  };
}

async function install(versions: Readonly<Record<string, string>>, folder: string): Promise<void> {
  // Several test files can install the same packages at once. The folder of the first one to finish is kept.
  const scratch = `${folder}.${process.pid}.${performance.now()}`;
  mkdirSync(scratch, { recursive: true });
  try {
    writeFileSync(
      join(scratch, 'package.json'),
      JSON.stringify({ private: true, type: 'module', dependencies: versions }),
    );
    const npm = spawn('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'], {
      cwd: scratch,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    npm.stderr.on('data', (data: Buffer) => {
      errors += data.toString();
    });
    const [code] = await once(npm, 'close');
    if (code !== 0) throw new Error(`npm could not install ${Object.keys(versions).join(', ')}: ${errors.trim()}`);
    if (!existsSync(folder)) renameSync(scratch, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
