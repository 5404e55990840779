import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readArguments } from './read-arguments.ts';
import { readLimitsFile } from './read-limits-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'limits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(text: string): string {
  const file = join(folder, 'limits.json');
  writeFileSync(file, text);
  return file;
}

it('reads limits for deploy', () => {
  const limits = { everyone: { usdPerMonth: 500 }, teams: { search: [{ concurrent: 5 }] } };
  const command = readArguments(['synth', '--limits', fileOf(JSON.stringify(limits)), '--dashboard']);
  expect(command).toMatchObject({ options: { limits, hasDashboard: true } });
});

it.each([
  ['{', 'is not valid JSON.'],
  ['[]', 'must hold an object'],
  ['null', 'must hold an object'],
  ['{"all":{}}', 'has "all", which is none of everyone, each, teams.'],
])('refuses a file that holds %s', (text, message) => {
  const file = fileOf(text);
  expect(() => readLimitsFile(file)).toThrow(
    expect.objectContaining({
      name: 'DeploymentError',
      message: expect.stringContaining(`--limits: ${file} ${message}`),
    }),
  );
});
