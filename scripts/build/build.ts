import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'tsup';
import { packageNames, workspaceRoot } from '../workspace.mjs';

const everything = process.argv[2] === 'everything';

await Promise.all(
  [workspaceRoot, ...packageNames.map((name) => join(workspaceRoot, 'packages', name))].map((folder) =>
    rm(join(folder, 'dist'), { recursive: true, force: true }),
  ),
);
const declarations = everything ? emitDeclarations() : undefined;
try {
  for (const name of packageNames) {
    process.chdir(join(workspaceRoot, 'packages', name));
    await build({});
  }
  if (everything) (await import('./zip-bundles.ts')).zipBundles();
} catch (error) {
  // esbuild has already printed its own errors.
  if (!(error instanceof Error && 'errors' in error)) console.error(error);
  process.exitCode = 1;
}
if (await declarations) process.exitCode = 1;

/** Writes the declarations with the TypeScript compiler and returns its exit code. */
async function emitDeclarations(): Promise<number> {
  const projects = packageNames.map((name) => `packages/${name}`);
  const compiler = spawn(process.execPath, ['node_modules/typescript/bin/tsc6', '--build', ...projects], {
    cwd: workspaceRoot,
    stdio: 'inherit',
  });
  const [code] = await once(compiler, 'close');
  return code ?? 1;
}
