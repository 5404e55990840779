import { describe, expect, it } from 'vitest';
import { deriveAccess } from './derive-access.ts';
import { deriveModelAccess } from './derive-model-access.ts';

const place = { partition: 'aws', region: 'eu-west-1', account: '111122223333' };
const roleArn = 'arn:aws:iam::444455556666:role/lent';
const nova = 'amazon.nova-lite-v1:0';
const profile = 'arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abc';

describe('the permissions for aliases', () => {
  it('are those of each target, in its own Region', () => {
    const aliases = {
      fast: { targets: [{ model: nova }, { model: nova, region: 'us-east-1' }, { model: nova, region: 'us-east-1' }] },
      slow: { targets: [{ model: `global.${nova}`, region: 'us-east-1' }] },
    };
    expect(deriveAccess([], aliases, place)).toEqual([
      ...deriveModelAccess([nova], place),
      ...deriveModelAccess([nova, `global.${nova}`], { ...place, region: 'us-east-1' }),
    ]);
  });

  it('come beside those of the models, once', () => {
    const aliases = { fast: { targets: [{ model: nova }] } };
    expect(deriveAccess([nova], aliases, place)).toEqual(deriveModelAccess([nova], place));
    expect(deriveAccess(['meta.llama3-1-8b-instruct-v1:0'], aliases, place)).toEqual(
      deriveModelAccess(['meta.llama3-1-8b-instruct-v1:0', nova], place),
    );
  });

  it('are only the right to assume a role, if a target has one', () => {
    const aliases = {
      lent: {
        targets: [
          { model: nova, roleArn },
          { model: nova, roleArn, region: 'us-east-1' },
        ],
      },
    };
    expect(deriveAccess([], aliases, place)).toEqual([{ actions: ['sts:AssumeRole'], resources: [roleArn] }]);
  });

  it('need the model behind an ARN, from the list of models', () => {
    const aliases = { team: { targets: [{ model: profile }] } };
    expect(() => deriveAccess([], aliases, place)).toThrow('set madeFrom');
    const named = [{ modelId: profile, madeFrom: [nova] }];
    expect(deriveAccess(named, aliases, place)).toEqual(deriveModelAccess(named, place));
    const elsewhere = { team: { targets: [{ model: profile, region: 'eu-central-1' }] } };
    expect(deriveAccess(named, elsewhere, place)).toEqual([
      ...deriveModelAccess(named, place),
      ...deriveModelAccess(named, { ...place, region: 'eu-central-1' }),
    ]);
  });

  it('reach other Regions beside every model', () => {
    const aliases = { fast: { targets: [{ model: nova }, { model: `us.${nova}`, region: 'us-east-1' }] } };
    expect(deriveAccess('every-model', aliases, place)).toEqual([
      ...deriveModelAccess('every-model', place),
      ...deriveModelAccess([`us.${nova}`], { ...place, region: 'us-east-1' }),
    ]);
  });

  it('are those of the models without aliases, of which there must be one', () => {
    expect(deriveAccess([nova], {}, place)).toEqual(deriveModelAccess([nova], place));
    expect(() => deriveAccess([], {}, place)).toThrow('models must not be empty');
  });
});
