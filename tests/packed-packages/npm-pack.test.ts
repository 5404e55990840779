import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { environmentWithoutNpm } from '../../scripts/pnpm.mjs';
import { packageNames, workspaceRoot } from '../../scripts/workspace.mjs';

function npm(args: readonly string[], folder = workspaceRoot) {
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: folder,
    env: environmentWithoutNpm(),
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

it('npm run pack writes an installable tarball of every package to dist/', () => {
  const { status, stdout } = npm(['run', '--silent', 'pack']);
  expect(status).toBe(0);
  for (const name of packageNames) {
    expect(stdout).toContain(`dist/bedrock-proxy-${name}.tgz\n`);
    expect(existsSync(join(workspaceRoot, `dist/bedrock-proxy-${name}.tgz`))).toBe(true);
  }
});

it.each(packageNames)('npm pack in packages/%s refuses, and names the command to run', (name) => {
  const { status, stderr } = npm(['pack', '--dry-run'], join(workspaceRoot, 'packages', name));
  expect(status).not.toBe(0);
  expect(stderr).toContain('run: npm run pack');
});
