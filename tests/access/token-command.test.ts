import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bearerTokens, type TokenRecord } from '@bedrock-proxy/core';
import { afterAll, describe, expect, it } from 'vitest';

const launcher = fileURLToPath(new URL('../../scripts/launch.mjs', import.meta.url));

function run(...args: readonly string[]) {
  const options = {
    encoding: 'utf8',
    env: { ...process.env, AWS_PROFILE: '', PATH: `${fakeAws}:${process.env['PATH']}` },
  } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, 'token', ...args], options);
  return { status, stdout, stderr };
}

/** A folder with an `aws` that keeps the values of stores in files, and notes its arguments. */
const fakeAws = mkdtempSync(join(tmpdir(), 'fake-aws-'));
afterAll(() => rmSync(fakeAws, { recursive: true }));
const script = `#!/bin/sh
cd '${fakeAws}'
echo "$*" >> calls
case "$2" in
  get-secret-value | get-parameter) [ -f value ] || { echo "ResourceNotFoundException: no such store" >&2; exit 254; }; node -p 'JSON.stringify(require("fs").readFileSync("value", "utf8"))' ;;
  put-secret-value | put-parameter) for last; do :; done; cp "\${last#file://}" value ;;
esac
`;
writeFileSync(join(fakeAws, 'aws'), script, { mode: 0o755 });
const stored = () => JSON.parse(readFileSync(join(fakeAws, 'value'), 'utf8'));
const store = (value: string) => writeFileSync(join(fakeAws, 'value'), value);

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
    [['--id', 'a'], /command is missing: create, add, list, revoke/],
    [['create', '--id', 'a', '--secret', 's'], /create changes no store/],
    [['add', '--id', 'a'], /state one store/],
    [['list', '--secret', 's', '--parameter', 'p'], /state one store/],
    [['revoke', '--secret', 's'], /--id is missing/],
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

describe.each([
  ['--secret', 'secretsmanager'],
  ['--parameter', 'ssm'],
])('npm run token with %s', (option, service) => {
  const place = [option, 'team/tokens'] as const;

  it('adds a record that accepts the token, lists it, and revokes it', () => {
    store('[{"id":"old","sha256":"00","models":["a.*"],"stream":false,"disabled":true}]');
    const added = run('add', '--id', 'ana', '--expires', '90d', '--yes', ...place);
    expect(added).toMatchObject({ status: 0, stderr: '' });
    const token = /^bproxy_[\w-]{43}$/m.exec(added.stdout)?.[0] ?? '';
    const [old, record] = stored();
    expect(old.id).toBe('old');
    expect(bearerTokens([record])({ requestId: '1', token })).toMatchObject({ allow: true, principal: 'ana' });
    expect(readFileSync(join(fakeAws, 'calls'), 'utf8')).not.toContain(token);
    expect(readFileSync(join(fakeAws, 'calls'), 'utf8')).toContain(`${service} `);

    expect(run('list', ...place).stdout).toMatch(
      /^old {2}disabled {2}models a\.\* {2}no streams\nana {2}valid until 20\S+ {2}all models\n$/,
    );
    expect(run('revoke', '--id', 'ana', '-y', ...place)).toMatchObject({ status: 0 });
    expect(stored()).toEqual([old]);
  });

  it('shows the change, and makes none without a confirmation', () => {
    store('[]');
    const { status, stdout, stderr } = run('add', '--id', 'ana', ...place);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^Add to team\/tokens:\n\{"id":"ana","sha256":"[0-9a-f]{64}"\}\nPass --yes/);
    expect(stored()).toEqual([]);
  });

  it('refuses a store that holds one plain token, an unknown owner, and a store that does not exist', () => {
    store('a-plain-token');
    expect(run('list', ...place).stderr).toMatch(/does not hold a JSON array of records/);
    store('[]');
    expect(run('revoke', '--id', 'bob', '--yes', ...place).stderr).toBe('team/tokens has no record of bob.\n');
    rmSync(join(fakeAws, 'value'));
    const { status, stderr } = run('list', ...place);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        `^ResourceNotFoundException: no such store\\nThere is no such store .+ \\[\\] \\(aws ${service} .+ '\\[\\]'\\)\\.\\n$`,
      ),
    );
  });
});
