import { describe, expect, it } from 'vitest';
import { callOptions, headerIssues } from './call-options.js';

const guardrail = { id: 'general', version: '1' };
const other = { id: 'other', version: '2' };

describe('settings of a call', () => {
  it('are none if nobody sets any', () => {
    expect(callOptions({ admission: {} })).toBeUndefined();
    expect(callOptions({ proxy: {}, admission: { callOptions: {} }, client: {} })).toBeUndefined();
  });

  it('are taken from the proxy, then the target, then the caller, then the client', () => {
    const layers = {
      proxy: { serviceTier: 'flex', performanceLatency: 'standard', requestMetadata: { team: 'a' } },
      target: { serviceTier: 'priority' },
      admission: { callOptions: { performanceLatency: 'optimized' } },
    } as const;
    expect(callOptions(layers)).toEqual({
      ...{ serviceTier: 'priority', performanceLatency: 'optimized', requestMetadata: { team: 'a' } },
    });
    expect(callOptions({ ...layers, client: { serviceTier: 'default' } })).toMatchObject({ serviceTier: 'default' });
  });

  it.each([
    ['the proxy', { proxy: { guardrail }, admission: {} }, guardrail],
    [
      'the caller, in place of the proxy',
      { proxy: { guardrail }, admission: { callOptions: { guardrail: other } } },
      other,
    ],
    ['a target, in place of the proxy', { proxy: { guardrail }, target: { guardrail: other }, admission: {} }, other],
    ['no target where the proxy has none', { target: { guardrail: other }, admission: {} }, undefined],
    ['nobody for an exempt caller', { proxy: { guardrail }, admission: { guardrail: 'exempt' } }, undefined],
    [
      'an exempt caller of its own',
      { proxy: { guardrail }, admission: { guardrail: 'exempt', callOptions: { guardrail: other } } },
      other,
    ],
    ['the client where nobody pins one', { admission: {}, client: { guardrail: other } }, other],
    [
      'never the client where the proxy pins one',
      { proxy: { guardrail }, admission: {}, client: { guardrail: other } },
      guardrail,
    ],
  ] as const)('have the guardrail of %s', (_, layers, expected) => {
    expect(callOptions(layers)?.guardrail).toEqual(expected);
  });
});

it('finds every header with a setting of Bedrock, and no other', () => {
  const headers = { 'x-amzn-bedrock-trace': ['ENABLED'], 'x-amzn-requestid': ['1'], authorization: ['Bearer x'] };
  expect(headerIssues(headers)).toEqual([{ path: 'x-amzn-bedrock-trace', message: expect.any(String) }]);
});
