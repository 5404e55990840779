import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { curlCommand } from './curl-command.js';

/** The arguments that a shell passes to curl. */
function curlArguments(command: string): readonly string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  const { stdout, stderr } = spawnSync('/bin/sh', ['-c', script], {
    encoding: 'utf8',
    env: { AUTH_TOKEN: 'a token of the shell' },
  });
  expect(stderr).toBe('');
  return stdout.split('\0').slice(0, -1);
}

const url = 'http://localhost:8787/';
const body = JSON.stringify({ prompt: `it's "so" $HOME \`id\` \\ !\n${'ü'}` }, null, 2);

it('passes the body unchanged through the shell', () => {
  expect(curlArguments(curlCommand({ url, hasToken: false, body }))).toEqual([
    '-N',
    url,
    '-H',
    'content-type: application/json',
    '-d',
    body,
  ]);
});

it('uses a shell variable for the token', () => {
  expect(curlArguments(curlCommand({ url, hasToken: true, body }))).toContain(
    'authorization: Bearer a token of the shell',
  );
});
