import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packPackages } from '../../scripts/pack-packages.mjs';
import { environmentWithoutNpm } from '../../scripts/pnpm.mjs';
import { packageNames, workspaceRoot } from '../../scripts/workspace.mjs';

/** A project outside the workspace, with the packages as npm installs them. */
export interface ScratchProject {
  readonly folder: string;
  /** Runs a script of the project with the Node of this process. If the script fails, rejects with its output. */
  run(script: string, ...args: readonly string[]): Promise<string>;
  remove(): void;
}

/** Installs the packed packages, and the compiler and test runner of the workspace. Copies `uses` into src. */
export async function createScratchProject(uses: string): Promise<ScratchProject> {
  const folder = mkdtempSync(join(tmpdir(), 'bedrock-proxy-scratch-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const tarballs = await packPackages(join(folder, 'tarballs'));
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8'));
    const manifest = {
      private: true,
      type: 'module',
      dependencies: Object.fromEntries(
        packageNames.map((name, index) => [`@bedrock-proxy/${name}`, `file:${tarballs[index]}`]),
      ),
      devDependencies: {
        '@types/node': devDependencies['@types/node'],
        typescript: dependencies.typescript,
        vitest: devDependencies.vitest,
      },
    };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    await run(folder, 'npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund']);
    cpSync(uses, join(folder, 'src'), { recursive: true });
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, run: (script, ...args) => run(folder, process.execPath, [script, ...args]), remove };
}

function run(folder: string, program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: folder, env: environmentWithoutNpm() }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${program} ${args.join(' ')} failed\n${stdout}\n${stderr}`));
      else resolve(stdout);
    });
  });
}
