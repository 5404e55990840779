import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claudeCode } from './client-packages.ts';
import { installPackages } from './installed-packages.ts';
import { type Gateway, startGateway, token } from './start-gateway.ts';

interface Result {
  readonly is_error: boolean;
  readonly num_turns: number;
  readonly result: string;
}

let program: string;
const folder = mkdtempSync(join(tmpdir(), 'claude-code-'));
beforeAll(async () => {
  program = (await installPackages(claudeCode)).program('claude');
  for (const name of ['home', 'work']) mkdirSync(join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs Claude Code with one prompt, and with nothing set but the URL and the token of a gateway. */
async function ask(gateway: Gateway, prompt: string, authToken = token): Promise<Result> {
  const child = spawn(program, ['-p', prompt, '--allowedTools', 'Bash', '--output-format', 'json'], {
    cwd: join(folder, 'work'),
    env: {
      PATH: process.env.PATH,
      HOME: join(folder, 'home'),
      ANTHROPIC_BASE_URL: gateway.url,
      ANTHROPIC_AUTH_TOKEN: authToken,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  await once(child, 'close');
  return JSON.parse(output);
}

describe.each(['function-url', 'rest-api-stream', 'rest-api'] as const)('Claude Code behind %s', (endpoint) => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway(endpoint);
  });
  afterAll(() => gateway[Symbol.asyncDispose]());
  const calls = () => gateway.ends().filter(({ operation }) => operation === 'invoke-model');

  it('answers', async () => {
    const before = calls().length;
    const { is_error, result } = await ask(gateway, 'Say something, please.');
    expect(is_error).toBe(false);
    expect(result).toMatch(/^You sent me \d+ words/);
    expect(calls().slice(before)).toMatchObject([
      { status: 200, terminal: 'done', dialect: 'anthropic', sessionId: expect.stringMatching(/^[\w-]{36}$/) },
    ]);
  });

  it('finishes a round trip of a tool, with one request for each turn', async () => {
    const before = calls().length;
    const { is_error, num_turns, result } = await ask(gateway, 'echo 1 Bash | tr a-z A-Z');
    expect(is_error).toBe(false);
    expect(num_turns).toBe(2);
    expect(result).toContain('“1 BASH”');
    expect(calls().slice(before)).toMatchObject([
      { status: 200, stopReason: 'tool_use' },
      { status: 200, stopReason: 'end_turn' },
    ]);
  });
});

describe('a refusal to Claude Code', () => {
  it('of its model is told as a matter of the model', async () => {
    await using gateway = await startGateway('function-url', { ALLOWED_MODELS: '*haiku*' });
    const { is_error, result } = await ask(gateway, 'Hello');
    expect(is_error).toBe(true);
    expect(result).toContain('issue with the selected model');
  });

  it('of its token ends at once', async () => {
    await using gateway = await startGateway('function-url');
    const { is_error } = await ask(gateway, 'Hello', 'another-token-than-that');
    expect(is_error).toBe(true);
    expect(gateway.ends().filter(({ dialect }) => dialect === 'anthropic')).toHaveLength(1);
  });
});
