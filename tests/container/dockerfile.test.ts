import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** An instruction of the Dockerfile. */
interface Instruction {
  readonly name: string;
  readonly text: string;
}

let stages: readonly (readonly Instruction[])[];
beforeAll(async () => {
  const lines = (await readFile(join(root, 'Dockerfile'), 'utf8')).replaceAll('\\\n', ' ').split('\n');
  const instructions = lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({ name: line.split(' ', 1)[0] ?? '', text: line.slice(line.indexOf(' ') + 1) }));
  const starts = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
  stages = starts.map((start, index) => instructions.slice(start, starts[index + 1]));
});

function instructionsOf(stage: number, name: string): readonly string[] {
  return (stages[stage] ?? []).filter((each) => each.name === name).map(({ text }) => text);
}

/** The only instruction of this name in the image, in its form without a shell. */
function commandOf(name: string): readonly string[] {
  const [text = '', ...others] = instructionsOf(1, name);
  expect(others).toEqual([]);
  return JSON.parse(text.slice(text.indexOf('[')));
}

function environment(): Readonly<Record<string, string>> {
  const pairs = instructionsOf(1, 'ENV').flatMap((text) => text.split(' '));
  return Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]));
}

describe('the image', () => {
  it('has two stages of the same Node, whose second has no shell command and another user than root', () => {
    expect(stages.map(([from]) => from?.text.replace(/ AS .*/, ''))).toEqual(['node:24-slim', 'node:24-slim']);
    expect(instructionsOf(1, 'USER')).toEqual(['node']);
    expect(instructionsOf(1, 'RUN')).toEqual([]);
    expect(commandOf('ENTRYPOINT')).toEqual(['node', 'index.mjs']);
    expect(instructionsOf(1, 'EXPOSE')).toEqual([environment()['PORT']]);
  });

  it('is built from a context that holds every file of the build, and nothing else', async () => {
    const rules = (await readFile(join(root, '.dockerignore'), 'utf8'))
      .split('\n')
      .filter((line) => !/^(#|$)/.test(line));
    expect(rules[0]).toBe('*');
    const kept = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
    for (const path of kept) expect(await readFile(join(root, path)).catch(({ code }) => code)).not.toBe('ENOENT');
    // What the install step of the build reads.
    const installed = await readFile(join(root, 'scripts/ensure-installed.mjs'), 'utf8');
    for (const [, name] of installed.matchAll(/'((?:pnpm-)?[\w.-]+\.(?:yaml|json)|\.npmrc)'/g))
      expect(kept).toContain(name);
    expect(rules).toEqual(expect.arrayContaining(['**/node_modules', '**/dist']));
    expect(kept.filter((path) => /env|credential|secret/.test(path))).toEqual([]);
  });
});

describe('the container, without Docker', () => {
  /** Does what COPY, ENV and ENTRYPOINT do, in a new folder. */
  async function run(over: Readonly<Record<string, string>>): Promise<{ child: ChildProcess; errors: () => string }> {
    const folder = await mkdtemp(join(tmpdir(), 'bedrock-proxy-container-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const [copy = ''] = instructionsOf(1, 'COPY');
    const [, source = ''] = /^--from=build \/source\/(\S+) \.\/$/.exec(copy) ?? [];
    await cp(join(root, source), folder, { recursive: true });
    expect(await readdir(folder)).toContain('THIRD-PARTY-LICENSES');
    const [node, ...args] = commandOf('ENTRYPOINT');
    expect(node).toBe('node');
    const env = {
      ...environment(),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      ...over,
    };
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    return { child, errors: () => errors };
  }

  /** The exit code of the health check. */
  async function checkHealth(port: string): Promise<number> {
    const [node, ...args] = commandOf('HEALTHCHECK');
    expect(node).toBe('node');
    const [code] = await once(spawn(process.execPath, args, { env: { ...environment(), PORT: port } }), 'exit');
    return code;
  }

  async function freePort(): Promise<string> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    return String(typeof address === 'object' ? address?.port : address);
  }

  it('becomes healthy, streams for a caller with the token, and ends with 0 on SIGTERM', async () => {
    const bedrock = await startBedrockEmulator({ paceMs: 0 });
    onTestFinished(() => bedrock.close());
    const PORT = await freePort();
    expect(await checkHealth(PORT)).toBe(1);
    const { child } = await run({
      ...{ PORT, AUTH_TOKEN: 'a-token-of-many-characters', AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url },
    });
    await expect.poll(() => checkHealth(PORT), { timeout: 10_000 }).toBe(0);
    const ask = (authorization: string) =>
      fetch(`http://127.0.0.1:${PORT}`, {
        ...{ method: 'POST', headers: { authorization } },
        body: JSON.stringify({
          ...{ modelId: 'anthropic.claude-sonnet-4-6', stream: true, anthropic_version: 'bedrock-2023-05-31' },
          ...{ max_tokens: 20, messages: [{ role: 'user', content: 'Hello' }] },
        }),
      });
    expect(await (await ask('Bearer a-token-of-many-characters')).text()).toMatch(/data: \[DONE\]\n\n$/);
    expect((await ask('Bearer another-token')).status).toBe(401);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('does not start without a token', async () => {
    const { child, errors } = await run({ PORT: '0' });
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(errors()).toMatch(
      /^HOST lets other machines call this server, but no source of tokens is configured\. .+\n$/,
    );
  });
});
