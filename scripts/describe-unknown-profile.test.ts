import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeUnknownProfile } from './describe-unknown-profile.mjs';

const folder = mkdtempSync(join(tmpdir(), 'profiles-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [config, credentials] = [join(folder, 'config'), join(folder, 'credentials')];
writeFileSync(
  config,
  `[default]
region = eu-west-1
  [profile dev] # the team
[ profile  "on call" ]
[prod]
[sso-session company]
# [profile old]
`,
);
writeFileSync(credentials, '[default]\naws_access_key_id = AKIAEXAMPLE\n[ keys ]\n[profile]\n');

const files = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials };
const asked = (profile: string | undefined) => describeUnknownProfile(undefined, { ...files, AWS_PROFILE: profile });

describe('describeUnknownProfile', () => {
  it.each([undefined, '', 'default', 'dev', 'on call', 'keys', 'profile'])('accepts the profile %j', (profile) => {
    expect(asked(profile)).toBeUndefined();
  });

  it.each(['prod', 'company', 'sso-session company', 'old', 'profile dev', 'DEV'])(
    'names the profile %j',
    (profile) => {
      expect(asked(profile)).toContain(`There is no AWS profile "${profile}"`);
    },
  );

  it('lists the profiles that exist, and says what to do', () => {
    expect(asked('taem')).toBe(
      'There is no AWS profile "taem" (known: dev, on call, default, keys, profile): correct AWS_PROFILE, or run aws configure --profile taem.',
    );
  });

  it('judges the option before the variable', () => {
    const environment = { ...files, AWS_PROFILE: 'dev' };
    expect(describeUnknownProfile('keys', environment)).toBeUndefined();
    expect(describeUnknownProfile('taem', environment)).toMatch(/"taem" .+: correct --profile, or /);
  });

  it('finds a file below the home folder', () => {
    const home = { ...files, AWS_CONFIG_FILE: `~/${relative(homedir(), config)}` };
    expect(describeUnknownProfile('dev', home)).toBeUndefined();
  });

  it('says that there is none if neither file exists', () => {
    const nowhere = { AWS_CONFIG_FILE: '/nowhere/config', AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials' };
    expect(describeUnknownProfile('dev', nowhere)).toContain('(known: none)');
  });
});
