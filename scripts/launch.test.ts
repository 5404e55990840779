import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceNode, workspaceRoot } from './workspace.mjs';

const launcher = join(workspaceRoot, 'scripts/launch.mjs');
const launch = (...args: string[]) => spawnSync(process.execPath, args, { encoding: 'utf8' });

describe('the launcher', () => {
  it('reports in one line that Node is too old', () => {
    const pretend = `Object.defineProperty(process, 'versions', { value: { node: '20.11.1' } })`;
    const { status, stderr } = launch('--import', `data:text/javascript,${pretend}`, launcher, 'start');
    expect({ status, lines: stderr.trimEnd().split('\n') }).toEqual({
      status: 1,
      lines: [expect.stringContaining('requires Node 20.12 or newer; this is 20.11.1')],
    });
  });

  it('contains no syntax that an old Node cannot parse', () => {
    expect(readFileSync(launcher, 'utf8')).not.toMatch(/^import |\?\?|\?\.|\bawait\b|#\w+/m);
  });

  it('refuses an unknown argument in one line', () => {
    const { status, stdout, stderr } = launch(launcher, 'start', '--prot=80');
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: 'unknown argument --prot=80; see npm start -- --help\n',
    });
  });

  it('prints only the help text for --help', () => {
    const { status, stdout, stderr } = launch(launcher, 'start', '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^npm start/);
  });

  it.each([
    [['deploy', 'functionurl'], /^"functionurl" is not an endpoint: use one of .+\.\n$/],
    [['synth', '--auth', 'password'], /^--auth must be .+\.\n$/],
    [['doctor'], /^Pass one URL; .+\.\n$/],
  ])('refuses wrong arguments before it installs or builds anything: %j', (args, line) => {
    // The copy has no node_modules.
    const copy = mkdtempSync(join(tmpdir(), 'launch-'));
    for (const name of ['scripts', 'deploy/src', 'package.json'])
      cpSync(join(workspaceRoot, name), join(copy, name), { recursive: true });
    const { status, stderr } = spawnSync(workspaceNode, [join(copy, 'scripts/launch.mjs'), ...args], {
      encoding: 'utf8',
    });
    rmSync(copy, { recursive: true });
    expect(status).toBe(1);
    expect(stderr).toMatch(line);
  });

  it.each([
    ['start', '--aws'],
    ['deploy', 'function-url'],
    ['deploy', 'diff', 'function-url'],
    ['deploy', 'destroy', 'function-url'],
    ['deploy', 'bootstrap'],
    ['token', 'list', '--secret', 'tokens'],
    ['token', 'add', '--id', 'ana', '--secret', 'tokens'],
    ['token', 'revoke', '--id', 'ana', '--parameter', 'tokens'],
  ])('names an AWS profile that does not exist: %s %s %s', (...args) => {
    const { status, stdout, stderr } = spawnSync(workspaceNode, [launcher, ...args], {
      encoding: 'utf8',
      env: {
        ...process.env,
        AWS_PROFILE: 'taem',
        AWS_CONFIG_FILE: '/nowhere',
        AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
      },
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'There is no AWS profile "taem" (known: none): correct AWS_PROFILE, or run aws configure --profile taem.\n',
    });
  });

  it.each(['bench', 'deploy', 'synth', 'doctor'])('prints the help text of %s', (name) => {
    const { status, stdout } = spawnSync(workspaceNode, [launcher, name, '--help'], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^npm run (?:bench|synth|doctor) -- /);
  });

  it('lists its commands if a command is unknown', () => {
    const { status, stderr } = launch(launcher, 'tset');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^unknown command "tset"; the commands are: start, .*\btest, test:all,/);
  });
});
