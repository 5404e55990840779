import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../clients/local-server.ts';
import { type ClientRun, runClient } from '../clients/run-client.ts';
import { codeBlocks } from '../documents/markdown-code.ts';
import { claudeCode, clientLibraries, codex, opencode, pythonLibraries, qwenCode } from './client-packages.ts';
import { installPackages, installPythonPackages } from './installed-packages.ts';

const document = 'docs/clients.md';
const blocks = codeBlocks(document);
/** The first words of the emulated answer to the question of the examples. */
const answer = /You sent me (?:4|four) words: “What is a proxy\?”/;

const inNode = {
  'ai-sdk-anthropic': answer,
  'ai-sdk-bedrock': answer,
  'ai-sdk-openai': answer,
  'ai-sdk-responses': answer,
  'anthropic-bedrock-sdk': answer,
  'anthropic-typescript': /“What is a proxy\?”.*end_turn \d+\n$/s,
  'aws-sdk-js': answer,
  'langchain-bedrock': answer,
  'langchain-openai': /“What is a proxy\?”.*2 vectors\n$/s,
  'langchain-responses': answer,
  'openai-responses': /“What is a proxy\?”.*\d+ tokens\n$/s,
  'openai-typescript': /“What is a proxy\?”.*\d+ tokens\n$/s,
};
const inPython = {
  'anthropic-python': /“What is a proxy\?”.*end_turn\n$/s,
  boto3: answer,
  'openai-python': /“What is a proxy\?”.*2 vectors\n$/s,
};
const inShell = {
  'aws-cli': /"text": "[^"]*What is a proxy.*"stopReason": "end_turn"/s,
  'openai-curl': /"role":"assistant".*"finish_reason":"stop"/,
};
/** Agents add text of their own to the question. */
const agentAnswer = /You sent me \d+ words: “/;
const agents = ['claude-code', 'claude-code-bedrock', 'codex', 'opencode', 'qwen-code'];

let server: LocalServer;
let home: string;
beforeAll(async () => {
  server = await startLocalServer({ AUTH_TOKEN: 'your-token' });
  home = mkdtempSync(join(tmpdir(), 'clients-'));
});
afterAll(async () => {
  rmSync(home, { recursive: true, force: true });
  expect(await server.stop()).toBe(0);
});

/** The code of an example, with its URL changed to the server under test. */
function codeOf(name: string): string {
  const block = blocks.find(({ run }) => run === name) ?? expect.fail(`${document} has no block for ${name}`);
  return block.code.replaceAll('http://localhost:8787', server.url);
}

/** Runs a command in a shell with the variables that the document sets for AWS SDKs, and with others. */
async function runInShell(command: string, variables: Readonly<Record<string, string>> = {}): Promise<ClientRun> {
  const settings = Object.entries({ HOME: home, ...variables }).map(([name, value]) => `${name}=${value}`);
  return await runClient('env', [
    '-C',
    home,
    ...settings,
    'bash',
    '-c',
    `${codeOf('bedrock-environment')}\n${command}`,
  ]);
}

function expectPrinted({ code, output, errors }: ClientRun, printed: RegExp): void {
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(output).toMatch(printed);
}

describe(`the code of ${document}`, () => {
  it('is run here, or compiled elsewhere', () => {
    const names = [inNode, inPython, inShell].flatMap((examples) => Object.keys(examples));
    const run = blocks.filter(({ language }) => language !== 'ts').map(({ run: name, line }) => name ?? `line ${line}`);
    expect(run.toSorted()).toEqual([...names, ...agents, 'bedrock-environment'].toSorted());
  });

  it.each(Object.entries(inNode))('runs in Node: %s', async (name, printed) => {
    const { folder } = await installPackages(clientLibraries);
    // Beside the packages, so that the example finds them.
    const file = join(folder, `${name}.${process.pid}.mjs`);
    writeFileSync(file, codeOf(name));
    expectPrinted(await runInShell(`exec ${process.execPath} ${file}`), printed);
  });

  it.each(Object.entries(inPython))('runs in Python: %s', { timeout: 600_000 }, async (name, printed) => {
    const folder = await installPythonPackages(pythonLibraries);
    const file = join(home, `example-${name}.py`);
    writeFileSync(file, codeOf(name));
    expectPrinted(await runInShell(`exec python3 ${file}`, { PYTHONPATH: folder }), printed);
  });

  it.each(Object.entries(inShell))('runs in a shell: %s', async (name, printed) => {
    expectPrinted(await runInShell(codeOf(name)), printed);
  });

  it('runs Claude Code for Bedrock', async () => {
    const folder = dirname((await installPackages(claudeCode)).program('claude'));
    expectPrinted(
      await runInShell(codeOf('claude-code-bedrock'), { PATH: `${folder}:${process.env['PATH']}` }),
      agentAnswer,
    );
  });

  it("runs Claude Code for Anthropic's API, with the settings of the example", async () => {
    const program = (await installPackages(claudeCode)).program('claude');
    const { env } = JSON.parse(codeOf('claude-code'));
    expectPrinted(await runInShell(`unset ANTHROPIC_API_KEY; exec ${program} -p 'What is a proxy?'`, env), agentAnswer);
  });

  it('runs Codex with the settings of the example', async () => {
    const program = (await installPackages(codex)).program('codex');
    mkdirSync(join(home, '.codex'));
    writeFileSync(join(home, '.codex/config.toml'), codeOf('codex'));
    const command = `exec ${program} exec --skip-git-repo-check 'What is a proxy?'`;
    const { output, errors } = await runInShell(command, { BEDROCK_PROXY_TOKEN: 'your-token' });
    expect(output, errors).toMatch(agentAnswer);
  });

  it('runs qwen-code with the variables of the example', { timeout: 600_000 }, async () => {
    const program = (await installPackages(qwenCode)).program('qwen');
    // Otherwise it asks for a summary of the conversation after it, which takes two minutes at the pace of the emulator.
    mkdirSync(join(home, '.qwen'));
    writeFileSync(join(home, '.qwen/settings.json'), JSON.stringify({ memory: { enableManagedAutoMemory: false } }));
    const variables = codeOf('qwen-code').trim().replaceAll('\n', ' ');
    const { output, errors } = await runInShell(`${variables} ${program} --auth-type openai -p 'What is a proxy?'`);
    expect(output, errors).toMatch(agentAnswer);
  });

  it('runs opencode with the settings of the example', { timeout: 600_000 }, async () => {
    const program = (await installPackages(opencode)).program('opencode');
    writeFileSync(join(home, 'opencode.json'), codeOf('opencode'));
    const { output, errors } = await runInShell(`exec ${program} run 'What is a proxy?'`, { PWD: home });
    expect(output, errors).toMatch(agentAnswer);
  });
});
