import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: { readonly 'cancel-in-progress': boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = join(import.meta.dirname, '../..');
const workflows = globSync('.github/workflows/*.yml', { cwd: root });
const ci = './.github/workflows/ci.yml';

/** The rights to write, with the reason for each of them. Every other job may only read. */
const writeRights: Readonly<Record<string, string>> = {
  // GitHub counts the files of a release as contents.
  'release.yml zips': 'contents',
  // The identity of the workflow takes the place of a token for npm.
  'publish.yml npm': 'id-token',
};

function read(workflow: string): { readonly text: string; readonly parsed: Workflow } {
  const text = readFileSync(join(root, workflow), 'utf8');
  return { text, parsed: parse(text) };
}

function actionsOf(text: string): readonly { readonly name: string; readonly commit: string }[] {
  return [...text.matchAll(/uses: *([\w./-]+)@(\w+)/g)].map(([, name = '', commit = '']) => ({ name, commit }));
}

it('the workflows are found', () => {
  expect(workflows.length).toBeGreaterThan(2);
});

describe.each(workflows)('%s', (workflow) => {
  const { text, parsed } = read(workflow);
  const file = workflow.replace(/^.*\//, '');
  const jobs = Object.entries(parsed.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps ?? []);

  it('pins every action to a commit, with the version next to it', () => {
    const actions = [...text.matchAll(/uses: *(.+)$/gm)].map(([, action]) => action).filter((action) => action !== ci);
    expect(actions).not.toEqual([]);
    for (const action of actions) expect(action).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('uses the same version of an action as the other workflows', () => {
    const everyAction = workflows.flatMap((path) => actionsOf(read(path).text));
    for (const { name, commit } of actionsOf(text)) {
      const commits = everyAction.filter((action) => action.name === name).map((action) => action.commit);
      expect([name, ...new Set(commits)]).toEqual([name, commit]);
    }
  });

  it('has only the permissions that a job requests, and no secrets', () => {
    expect(parsed.permissions).toEqual({});
    expect(text).not.toMatch(/\bsecrets\b|NPM_TOKEN|NODE_AUTH_TOKEN/);
  });

  it.each(jobs)('gives its job %s only the rights that the job needs', (name, { permissions }) => {
    const right = writeRights[`${file} ${name}`];
    expect(permissions).toEqual({ contents: 'read', ...(right && { [right]: 'write' }) });
  });

  it.each(jobs)('sets a timeout for its job %s', (_name, { uses, 'timeout-minutes': minutes }) => {
    expect(uses === ci || (minutes ?? 0) > 0).toBe(true);
  });

  it('keeps no credential after a checkout', () => {
    for (const { uses, with: inputs } of steps.filter((step) => step.uses?.startsWith('actions/checkout@'))) {
      expect([uses, inputs?.['persist-credentials']]).toEqual([uses, false]);
    }
  });

  it('runs only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const [, script = ''] of text.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty([script]);
  });
});

describe.each(workflows.filter((workflow) => read(workflow).text.includes('tags:')))('%s', (workflow) => {
  const { jobs } = read(workflow).parsed;

  it('releases nothing before CI has passed for its commit', () => {
    expect(jobs['ci']).toMatchObject({ uses: ci });
    const others = Object.keys(jobs).filter((name) => name !== 'ci');
    expect(others).not.toEqual([]);
    for (const name of others) expect([jobs[name]?.needs].flat(), name).toContain('ci');
  });
});

describe('ci.yml', () => {
  const { parsed } = read('.github/workflows/ci.yml');
  const commands = Object.values(parsed.jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));

  it('runs for main, for each pull request and for each release', () => {
    expect(parsed.on).toEqual({ push: { branches: ['main'] }, pull_request: null, workflow_call: null });
    expect(parsed.concurrency?.['cancel-in-progress']).toBe(true);
  });

  it('runs everything, and requires a changeset of a pull request', () => {
    expect(commands).toContain('bash .ci/run');
    expect(commands).toContain('npm run changeset -- status --since=origin/main');
  });
});

it('release.yml attaches every zip that the page of the deployment names, with its sum, and the description of the API', () => {
  const { jobs } = read('.github/workflows/release.yml').parsed;
  const upload = jobs['zips']?.steps?.find(({ run }) => run?.includes('gh release upload'))?.run ?? '';
  const page = readFileSync(join(root, 'docs/deploy.md'), 'utf8');
  const zips = [...new Set([...page.matchAll(/`([\w-]+\.zip)`/g)].map(([, name = '']) => name))];
  expect(zips).toHaveLength(4);
  const [sums = '', attached = ''] = upload.split('> SHA256SUMS');
  expect(zips.filter((name) => !sums.includes(` ${name}`))).toEqual([]);
  expect(zips.filter((name) => !attached.includes(` dist/${name}`))).toEqual([]);
  expect(attached).toContain(' docs/openapi.json ');
});
