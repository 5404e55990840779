import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageNames, workspaceRoot } from '../scripts/workspace.mjs';
import { forbidden } from './arrows.mjs';
import { type PlantedViolation, plantedViolations } from './planted-violations.ts';

const cruiser = join(workspaceRoot, 'checks/node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const configuration = join(workspaceRoot, 'checks/architecture.config.mjs');

const unplanted = forbidden.filter(({ name }) => !plantedViolations.some(({ rule }) => rule === name));
const blind = [...unplanted.map(({ name }) => name), ...rulesThatMissTheirViolation()];
if (blind.length > 0) {
  console.error(`These rules report no planted violation: ${blind.join(', ')}. Correct them or planted-violations.ts.`);
  process.exitCode = 1;
} else {
  process.exitCode = cruise(workspaceRoot, 'err', 'inherit').status ?? 1;
}

/** A check that reads nothing finds nothing wrong. So each rule must report the violation that a copy contains on purpose. */
function rulesThatMissTheirViolation(): readonly string[] {
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
    for (const { file, imports, beside = {} } of plantedViolations) {
      const source = typeof imports === 'string' ? `export * from '${imports}';\n` : imports.source;
      for (const [path, text] of Object.entries({ [file]: source, ...beside })) {
        mkdirSync(join(copy, dirname(path)), { recursive: true });
        writeFileSync(join(copy, path), text);
      }
    }
    const { stdout } = cruise(copy, 'json', 'pipe');
    const report: { readonly summary: { readonly violations: readonly { from: string; rule: { name: string } }[] } } =
      JSON.parse(stdout);
    const isReported = ({ rule, file, beside = {} }: PlantedViolation) =>
      report.summary.violations.some(({ from, rule: { name } }) => name === rule && (from === file || from in beside));
    return plantedViolations.filter((violation) => !isReported(violation)).map(({ rule }) => rule);
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
