import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../clients/local-server.ts';
import { codeBlocks } from '../documents/markdown-code.ts';
import { aiSdkVersions, claudeCodeVersions, sdkVersions } from './anthropic-clients.ts';
import { installPackages } from './installed-packages.ts';
import { installPythonPackages } from './installed-python-packages.ts';

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer({ AUTH_TOKEN: 'your-token' });
});
afterAll(() => server.stop());

/** A block of docs/clients.md, with its URL changed to the server under test. */
function codeFor(run: string): string {
  const block = codeBlocks('docs/clients.md').find((candidate) => candidate.run === run);
  if (!block) throw new Error(`docs/clients.md has no block for ${run}`);
  expect(block.code).toContain('http://localhost:8787');
  return block.code.replaceAll('http://localhost:8787', server.url);
}

async function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  const [code] = await once(child, 'close');
  return { code, output };
}

it.each([
  ['anthropic-typescript', sdkVersions, /“What is a proxy\?”.*end_turn \d+\n$/s],
  ['ai-sdk-anthropic', aiSdkVersions, /“What is a proxy\?”/],
])('runs the example for %s', async (name, versions, printed) => {
  const { folder } = await installPackages(versions);
  // Beside the packages, so that the example finds them.
  const file = join(folder, `${name}.${process.pid}.mjs`);
  writeFileSync(file, codeFor(name));
  const { code, output } = await run(process.execPath, [file], folder);
  expect(code).toBe(0);
  expect(output).toMatch(printed);
});

// pip may have to try several indexes.
it('runs the example for Python', { timeout: 600_000 }, async () => {
  const folder = await installPythonPackages({ anthropic: '1.13.0' });
  const { code, output } = await run('python3', ['-c', codeFor('anthropic-python')], folder, { PYTHONPATH: folder });
  expect(code).toBe(0);
  expect(output).toMatch(/“What is a proxy\?”.*end_turn\n$/s);
});

it('runs Claude Code with the settings of the example', async () => {
  const packages = await installPackages(claudeCodeVersions);
  const { env } = JSON.parse(codeFor('claude-code'));
  const { code, output } = await run(packages.program('claude'), ['-p', 'Say something.'], packages.folder, {
    ...{ HOME: packages.folder, ANTHROPIC_API_KEY: undefined },
    ...env,
  });
  expect(code).toBe(0);
  expect(output).toMatch(/^You sent me \d+ words/);
});
