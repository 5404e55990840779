import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const workflows = globSync('.github/workflows/*.yml', { cwd: root });

it('are found', () => {
  expect(workflows.length).toBeGreaterThan(1);
});

describe.each(workflows)('%s', (workflow) => {
  const text = readFileSync(join(root, workflow), 'utf8');

  it('pins every action to a commit, with the version next to it', () => {
    const actions = [...text.matchAll(/uses: *(.+)$/gm)].map(([, action]) => action);
    expect(actions).not.toEqual([]);
    for (const action of actions) expect(action).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('has only the permissions that a job requests, and no secrets', () => {
    expect(text).toMatch(/^permissions: \{\}$/m);
    expect(text).not.toMatch(/\bsecrets\.|NPM_TOKEN|NODE_AUTH_TOKEN/);
  });

  it('runs only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const [, script = ''] of text.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty([script]);
  });
});
