import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageNames, workspaceRoot } from '../scripts/workspace.mjs';

const cruiser = join(workspaceRoot, 'checks/node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const configuration = join(workspaceRoot, 'checks/architecture.config.mjs');

/** Arrows that must be refused: one within a package and by type alone, one to another package. */
const planted = {
  source: `import type { HttpRequest } from '../http/index.js';
import { FakeInvoker } from '@bedrock-proxy/testing';

export type Planted = HttpRequest;
export const planted = FakeInvoker;
`,
  rules: ['models-know-no-request', 'core-knows-no-other-package'],
};

const missed = rulesThatMissThePlantedArrows();
if (missed.length > 0) {
  console.error(`the check is blind: a planted violation of ${missed.join(' and ')} was not reported`);
  process.exitCode = 1;
} else {
  process.exitCode = cruise(workspaceRoot, 'err', 'inherit').status ?? 1;
}

/** A check that reads nothing finds nothing wrong, so it has to find what was put in a copy on purpose. */
function rulesThatMissThePlantedArrows(): readonly string[] {
  const copy = mkdtempSync(join(tmpdir(), 'bedrock-proxy-architecture-'));
  try {
    for (const path of ['tsconfig.base.json', 'checks/tsconfig.architecture.json', 'local/src']) {
      cpSync(join(workspaceRoot, path), join(copy, path), { recursive: true });
    }
    for (const name of packageNames.map((packageName) => `packages/${packageName}`)) {
      cpSync(join(workspaceRoot, name, 'src'), join(copy, name, 'src'), { recursive: true });
      cpSync(join(workspaceRoot, name, 'package.json'), join(copy, name, 'package.json'));
      symlinkSync(join(workspaceRoot, name, 'node_modules'), join(copy, name, 'node_modules'));
    }
    writeFileSync(join(copy, 'packages/core/src/models/planted-arrows.ts'), planted.source);
    const report: { readonly summary: { readonly violations: readonly { from: string; rule: { name: string } }[] } } =
      JSON.parse(cruise(copy, 'json', 'pipe').stdout);
    const reported = report.summary.violations.filter(({ from }) => from.endsWith('planted-arrows.ts'));
    return planted.rules.filter((name) => !reported.some(({ rule }) => rule.name === name));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function cruise(folder: string, outputType: 'err' | 'json', stdout: 'inherit' | 'pipe') {
  const args = [cruiser, '--config', configuration, '--output-type', outputType, 'packages', 'local'];
  return spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'inherit'],
    maxBuffer: 64 * 2 ** 20,
  });
}
