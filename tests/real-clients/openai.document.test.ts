import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../clients/local-server.ts';
import { runClient } from '../clients/run-client.ts';
import { codeBlocks } from '../documents/markdown-code.ts';
import { installPackages, installPythonPackages } from './installed-packages.ts';
import { openaiClients } from './openai-setup.ts';

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer({ AUTH_TOKEN: 'your-token' });
});
afterAll(() => server.stop());

/** A block of docs/clients.md, with its URL changed to the server under test. */
function codeFor(run: string): string {
  const block = codeBlocks('docs/clients.md').find((candidate) => candidate.run === run);
  if (!block) throw new Error(`docs/clients.md has no block for ${run}`);
  expect(block.code).toContain('http://localhost:8787/v1');
  return block.code.replaceAll('http://localhost:8787', server.url);
}

it.each([
  ['openai-typescript', /“What is a proxy\?”.*\d+ tokens\n$/s],
  ['ai-sdk-openai', /“What is a proxy\?”/],
  ['langchain-openai', /“What is a proxy\?”.*2 vectors\n$/s],
])('runs the example for %s', async (name, printed) => {
  const { folder } = await installPackages(openaiClients);
  // Beside the packages, so that the example finds them.
  const file = join(folder, `${name}.${process.pid}.mjs`);
  writeFileSync(file, codeFor(name));
  const { code, output, errors } = await runClient(process.execPath, [file]);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(output).toMatch(printed);
});

it('runs the example for curl', async () => {
  const { code, output } = await runClient('bash', ['-c', codeFor('openai-curl')]);
  expect(code).toBe(0);
  expect(JSON.parse(output)).toMatchObject({ choices: [{ message: { role: 'assistant' }, finish_reason: 'stop' }] });
});

// pip may have to try several indexes.
it('runs the example for Python', { timeout: 600_000 }, async () => {
  const folder = await installPythonPackages({ openai: '3.22.1' });
  const program = `import sys; sys.path.insert(0, ${JSON.stringify(folder)})\n${codeFor('openai-python')}`;
  const { code, output, errors } = await runClient('python3', ['-c', program]);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(output).toMatch(/“What is a proxy\?”.*2 vectors\n$/s);
});

it('runs qwen-code with the variables of the example', { timeout: 600_000 }, async () => {
  const packages = await installPackages({ '@qwen-code/qwen-code': '0.24.4' });
  const variables = codeFor('qwen-code').trim().split('\n');
  const home = mkdtempSync(join(tmpdir(), 'qwen-code-'));
  const { output } = await runClient('env', [
    ...[`HOME=${home}`, ...variables, packages.program('qwen')],
    ...['--auth-type', 'openai', '-p', 'Say something.'],
  ]);
  expect(output).toMatch(/You sent me \d+ words/);
});

it('runs opencode with the settings of the example', { timeout: 600_000 }, async () => {
  const packages = await installPackages({ 'opencode-ai': '1.18.33' });
  const home = mkdtempSync(join(tmpdir(), 'opencode-'));
  writeFileSync(join(home, 'opencode.json'), codeFor('opencode'));
  const { output, errors } = await runClient('env', [
    ...['-C', home, `PWD=${home}`, `HOME=${home}`, packages.program('opencode')],
    ...['run', 'Say something.'],
  ]);
  // What went wrong is told there.
  expect(output, errors).toMatch(/You sent me \d+ words/);
});
