import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { workspaceRoot } from './workspace.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'summarise-tests-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function report(name: string, counts: readonly [number, number, number], testResults: readonly object[] = []): string {
  const [numPassedTests, numFailedTests, numPendingTests] = counts;
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ numPassedTests, numFailedTests, numPendingTests, testResults }));
  return file;
}

function summarise(...args: readonly string[]): readonly string[] {
  const script = join(workspaceRoot, 'scripts/summarise-tests.mjs');
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
    .stdout.trimEnd()
    .split('\n');
}

it('adds up the counts of all reports', () => {
  expect(summarise('none', report('a.json', [3, 0, 1]), report('b.json', [4, 2, 0]))).toEqual([
    '7 passed, 2 failed, 1 skipped',
  ]);
});

it('counts a file that cannot be loaded as failed', () => {
  const loaded = { status: 'failed', assertionResults: [{ status: 'failed' }] };
  const notLoaded = { status: 'failed', assertionResults: [] };
  expect(summarise('none', report('a.json', [3, 1, 0], [loaded, notLoaded]))).toEqual([
    '3 passed, 2 failed, 0 skipped',
  ]);
});

it('prints the step that failed, and counts only tests that ran', () => {
  expect(summarise('lint', join(folder, '*.json'))).toEqual(['stopped at: lint', '0 passed, 0 failed, 0 skipped']);
});
