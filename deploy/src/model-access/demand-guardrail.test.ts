import { describe, expect, it } from 'vitest';
import { demandGuardrail, type GuardrailGrant } from './demand-guardrail.ts';
import { deriveModelAccess } from './derive-model-access.ts';

const account = '111122223333';
const place = { partition: 'aws', region: 'eu-west-1', account };
const arn = `arn:aws:bedrock:eu-west-1:${account}:guardrail/abc123`;
const other = `arn:aws:bedrock:eu-west-1:${account}:guardrail/def456`;
const demanded = (models: Parameters<typeof deriveModelAccess>[0], grant: GuardrailGrant) =>
  demandGuardrail(deriveModelAccess(models, place), grant, account);

describe('a role that demands a guardrail', () => {
  it.each([
    [['amazon.nova-lite-v1:0']],
    [['eu.anthropic.claude-sonnet-4-6', 'amazon.nova-lite-v1:0']],
    [['global.anthropic.claude-haiku-4-5-20251001-v1:0']],
    [[`arn:aws:sagemaker:eu-west-1:${account}:endpoint/mine`]],
    ['every-model'],
  ] as const)('allows no call of %j without it', (models) => {
    const statements = demanded(models, { pinned: `${arn}:3` });
    const invoking = statements.filter(({ actions }) => actions.some((action) => action.startsWith('bedrock:Invoke')));
    expect(invoking.length).toBeGreaterThan(0);
    for (const { conditions } of invoking) {
      expect(conditions?.StringEquals).toMatchObject({ 'bedrock:GuardrailIdentifier': `${arn}:3` });
    }
    expect(statements).toContainEqual({ actions: ['bedrock:ApplyGuardrail'], resources: [arn] });
  });

  it('keeps the other conditions, and puts none on a count', () => {
    const plain = deriveModelAccess(['global.anthropic.claude-haiku-4-5-20251001-v1:0'], place);
    const statements = demandGuardrail(plain, { pinned: `${arn}:3` }, account);
    for (const [index, { conditions }] of plain.entries()) {
      expect(statements[index]?.conditions?.StringEquals ?? {}).toMatchObject(conditions?.StringEquals ?? {});
    }
    for (const models of [['anthropic.claude-sonnet-4-6'], 'every-model'] as const) {
      const counting = demanded(models, { pinned: `${arn}:3` }).filter(({ actions }) =>
        actions.includes('bedrock:CountTokens'),
      );
      expect(counting).toEqual([{ actions: ['bedrock:CountTokens'], resources: expect.any(Array) }]);
    }
  });

  it('accepts any of several, and names a draft by its ARN', () => {
    const [invoke, apply] = demanded(['amazon.nova-lite-v1:0'], {
      pinned: `${arn}:DRAFT`,
      ofTokens: [`${other}:2`, `${other}:3`, `${arn}:DRAFT`],
    });
    expect(invoke?.conditions).toEqual({
      StringEquals: { 'bedrock:GuardrailIdentifier': [arn, `${other}:2`, `${other}:3`] },
    });
    expect(apply).toEqual({ actions: ['bedrock:ApplyGuardrail'], resources: [arn, other] });
  });

  it('demands nothing where a token is exempt, and may use the key', () => {
    const plain = deriveModelAccess(['amazon.nova-lite-v1:0'], place);
    const keyArn = `arn:aws:kms:eu-west-1:${account}:key/0a1b-2c`;
    expect(demandGuardrail(plain, { pinned: `${arn}:1`, exemptsTokens: true, keyArn }, account)).toEqual([
      ...plain,
      { actions: ['bedrock:ApplyGuardrail'], resources: [arn] },
      { actions: ['kms:Decrypt'], resources: [keyArn] },
    ]);
  });

  it.each([
    [{ pinned: 'abc123:1' }, 'must be its ARN, a colon, and its version or DRAFT'],
    [{ pinned: arn }, 'must be its ARN'],
    [{ pinned: `${arn}:1`, ofTokens: [`${other}:0`] }, 'must be its ARN'],
    [{ pinned: `${arn.replace(account, '999988887777')}:1` }, 'belongs to another account'],
    [{ pinned: `${arn}:1`, keyArn: 'alias/mine' }, 'the complete ARN of a KMS key'],
  ])('refuses %j', (grant, message) => {
    expect(() => demanded(['amazon.nova-lite-v1:0'], grant)).toThrow(message);
  });
});
