import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../clients/local-server.ts';
import { runClient } from '../clients/run-client.ts';
import { claudeCode } from './client-packages.ts';
import { installPackages } from './installed-packages.ts';

const token = 'a-token-for-claude-code';

let server: LocalServer;
let claude: string;
let home: string;
beforeAll(async () => {
  server = await startLocalServer({ AUTH_TOKEN: token });
  claude = (await installPackages(claudeCode)).program('claude');
  home = await mkdtemp(join(tmpdir(), 'claude-code-'));
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
  expect(await server.stop()).toBe(0);
});

const ends = () =>
  server.said
    .filter((line) => line.includes('"request.end"'))
    .map((line): { readonly dialect: string; readonly stream: boolean; readonly terminal: string } => JSON.parse(line));

it.each([
  ['AWS_BEARER_TOKEN_BEDROCK', [`AWS_BEARER_TOKEN_BEDROCK=${token}`]],
  ['ANTHROPIC_AUTH_TOKEN', [`ANTHROPIC_AUTH_TOKEN=${token}`, 'CLAUDE_CODE_SKIP_BEDROCK_AUTH=1']],
])('Claude Code answers in Bedrock mode, with the token in %s', async (_, credentials) => {
  const before = ends().length;
  const variables = [
    ...['CLAUDE_CODE_USE_BEDROCK=1', 'AWS_REGION=us-east-1', `ANTHROPIC_BEDROCK_BASE_URL=${server.url}`],
    ...['CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1', 'DISABLE_TELEMETRY=1', 'DISABLE_AUTOUPDATER=1'],
    ...[`PATH=${process.env['PATH']}`, `HOME=${home}`],
  ];
  const { code, output, errors } = await runClient('env', [
    ...['-i', ...variables, ...credentials],
    ...[claude, '-p', 'What is a proxy?'],
  ]);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(output).toMatch(/^You sent me \d+ words/);
  const answered = ends().slice(before);
  expect(new Set(answered.map(({ dialect }) => dialect))).toEqual(new Set(['bedrock']));
  expect(answered.some(({ stream, terminal }) => stream && terminal === 'done')).toBe(true);
});
