import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { bearerTokens, type TokenRecord } from '@bedrock-proxy/core';
import { describe, expect, it } from 'vitest';

const launcher = fileURLToPath(new URL('../../scripts/launch.mjs', import.meta.url));

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, 'token', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

function create(...args: readonly string[]): { readonly token: string; readonly record: TokenRecord; text: string } {
  const { status, stdout, stderr } = run('create', ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return {
    text: stdout,
    token: /^bproxy_[\w-]{43}$/m.exec(stdout)?.[0] ?? '',
    record: JSON.parse(/^\{.*\}$/m.exec(stdout)?.[0] ?? '{}') as TokenRecord,
  };
}

describe('npm run token', () => {
  it('prints a token once, and a record that accepts it and contains only its hash', () => {
    const { token, record, text } = create('--id', 'team-a', '--models', 'anthropic.*, us.anthropic.*');
    expect(Buffer.from(token.slice('bproxy_'.length), 'base64url')).toHaveLength(32);
    expect(text.split(token)).toHaveLength(2);
    expect(record).toEqual({
      id: 'team-a',
      sha256: createHash('sha256').update(token).digest('hex'),
      models: ['anthropic.*', 'us.anthropic.*'],
    });
    expect(bearerTokens([record])({ requestId: '1', token })).toMatchObject({ allow: true, principal: 'team-a' });
  });

  it('creates a different token each time', () => {
    expect(create('--id', 'a').token).not.toBe(create('--id', 'a').token);
  });

  it('writes every restriction into a record that the proxy can read', () => {
    const { token, record } = create(
      ...['--id', 'a', '--ips', '10.0.0.0/8', '--ips', '2001:db8::/32', '--no-stream'],
      ...['--not-before', '2020-02-29', '--expires', '2099-12-31T18:00:00+02:00'],
    );
    expect(record).toMatchObject({
      ips: ['10.0.0.0/8', '2001:db8::/32'],
      stream: false,
      notBefore: '2020-02-29T00:00:00.000Z',
      expiresAt: '2099-12-31T16:00:00.000Z',
    });
    const policy = bearerTokens([record]);
    expect(policy({ requestId: '1', token, sourceIp: '10.1.2.3' })).toMatchObject({
      allow: true,
      permitsStream: false,
    });
    expect(policy({ requestId: '1', token, sourceIp: '11.1.2.3' })).toMatchObject({ code: 'invalid_token' });
  });

  it.each([
    ['12h', 12 * 3_600_000],
    ['90d', 90 * 86_400_000],
  ])('counts --expires %s from now', (expires, ms) => {
    const before = Date.now();
    const expiresAt = Date.parse(create('--id', 'a', '--expires', expires).record.expiresAt ?? '');
    expect(expiresAt - ms).toBeGreaterThanOrEqual(before);
    expect(expiresAt - ms).toBeLessThanOrEqual(Date.now());
  });

  it.each([[['--help']], [['create', '-h']], [[]]])('prints its usage for %j', (args) => {
    expect(run(...args)).toMatchObject({ status: 0, stdout: expect.stringContaining('--expires <time>') });
  });

  it.each([
    [['--id', 'a'], /command is missing/],
    [['delete', '--id', 'a'], /unknown command delete/],
    [['create'], /--id is missing/],
    [['create', '--id', ' '], /--id must have/],
    [['create', '--id', 'a', 'b'], /unexpected argument b/],
    [['create', '--id', 'a', '--expire', '1d'], /Unknown option '--expire'/],
    [['create', '--id', 'a', '--models', ' , '], /--models is empty/],
    [['create', '--id', 'a', '--ips', '10.0.0.0/33'], /10\.0\.0\.0\/33 is not a CIDR/],
    [['create', '--id', 'a', '--ips', 'office'], /office is not a CIDR/],
    [['create', '--id', 'a', '--expires', 'soon'], /--expires must be a time/],
    [['create', '--id', 'a', '--expires', '2027-02-29'], /--expires must be a time/],
    [['create', '--id', 'a', '--expires', '2020-01-01'], /--expires is in the past/],
  ] as const)('refuses %j with an error that names the problem', (args, problem) => {
    const { status, stdout, stderr } = run(...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(problem);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
