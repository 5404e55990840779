import { expect, it } from 'vitest';
import { knownTokens } from './known-tokens.js';
import type { TokenRecord } from './token-record.js';

const admissionOf = (members: Partial<TokenRecord>) =>
  knownTokens([{ id: 'a', token: 'token-of-a', ...members }]).judge({ requestId: 'r', token: 'token-of-a' });

it('gives a caller the guardrail of its record', () => {
  const guardrail = { id: 'abc123', version: '2' };
  expect(admissionOf({ guardrail: 'abc123:2' })).toEqual({ allow: true, principal: 'a', callOptions: { guardrail } });
});

it('exempts a caller whose record says so', () => {
  expect(admissionOf({ guardrail: false })).toEqual({ allow: true, principal: 'a', guardrail: 'exempt' });
});

it('lets a caller set what its record lists, even nothing', () => {
  expect(admissionOf({ clientOptions: ['trace'] })).toMatchObject({ clientMaySet: ['trace'] });
  expect(admissionOf({ clientOptions: [] })).toMatchObject({ clientMaySet: [] });
  expect(admissionOf({})).not.toHaveProperty('clientMaySet');
});

it('gives a caller the settings of its record, and its own ids of models', () => {
  const modelAliases = { 'a.b': 'arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123' };
  expect(
    admissionOf({ serviceTier: 'flex', latency: 'optimized', metadata: { team: 'a' }, guardrail: false, modelAliases }),
  ).toEqual({
    ...{ allow: true, principal: 'a', guardrail: 'exempt', modelAliases },
    callOptions: { serviceTier: 'flex', performanceLatency: 'optimized', requestMetadata: { team: 'a' } },
  });
});
