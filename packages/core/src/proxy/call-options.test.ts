import { describe, expect, it } from 'vitest';
import { callOptions } from './call-options.js';

const guardrail = { id: 'general', version: '1' };
const caller = { principal: 'team-a' };
const other = { id: 'other', version: '2' };

describe('settings of a call', () => {
  it('are none if nobody sets any', () => {
    expect(callOptions({ admission: caller })).toBeUndefined();
    expect(callOptions({ proxy: {}, admission: { ...caller, callOptions: {} }, client: {} })).toBeUndefined();
  });

  it('are taken from the proxy, then the target, then the caller, then the client', () => {
    const layers = {
      proxy: { serviceTier: 'flex', performanceLatency: 'standard', requestMetadata: { team: 'a' } },
      target: { serviceTier: 'priority' },
      admission: { ...caller, callOptions: { performanceLatency: 'optimized' } },
    } as const;
    expect(callOptions(layers)).toEqual({
      ...{ serviceTier: 'priority', performanceLatency: 'optimized', requestMetadata: { team: 'a' } },
    });
    expect(callOptions({ ...layers, client: { serviceTier: 'default' } })).toMatchObject({ serviceTier: 'default' });
    expect(callOptions({ proxy: { serviceTier: 'flex' }, admission: caller })).toEqual({ serviceTier: 'flex' });
  });

  it.each([
    ['the proxy', { proxy: { guardrail }, admission: caller }, guardrail],
    [
      'the caller, in place of the proxy',
      { proxy: { guardrail }, admission: { ...caller, callOptions: { guardrail: other } } },
      other,
    ],
    [
      'a target, in place of the proxy',
      { proxy: { guardrail }, target: { guardrail: other }, admission: caller },
      other,
    ],
    ['no target where the proxy has none', { target: { guardrail: other }, admission: caller }, undefined],
    ['nobody for an exempt caller', { proxy: { guardrail }, admission: { ...caller, guardrail: 'exempt' } }, undefined],
    [
      'an exempt caller of its own',
      { proxy: { guardrail }, admission: { ...caller, guardrail: 'exempt', callOptions: { guardrail: other } } },
      other,
    ],
    ['the client where nobody pins one', { admission: caller, client: { guardrail: other } }, other],
    [
      'never the client where the proxy pins one',
      { proxy: { guardrail }, admission: caller, client: { guardrail: other } },
      guardrail,
    ],
  ] as const)('have the guardrail of %s', (_, layers, expected) => {
    expect(callOptions(layers)?.guardrail).toEqual(expected);
  });

  it('have the stream mode of the proxy for the guardrail of a target', () => {
    const proxy = { guardrail: { ...guardrail, streamMode: 'async' } } as const;
    expect(callOptions({ proxy, target: { guardrail: other }, admission: caller })?.guardrail).toEqual({
      ...{ ...other, streamMode: 'async' },
    });
  });

  it('have the metadata of all, and the later value of a name that several have', () => {
    const layers = {
      proxy: { requestMetadata: { a: 'proxy', b: 'proxy', c: 'proxy', d: 'proxy' } },
      target: { requestMetadata: { b: 'target', c: 'target', d: 'target' } },
      admission: { ...caller, callOptions: { requestMetadata: { c: 'caller', d: 'caller' } } },
    };
    const requestMetadata = { a: 'proxy', b: 'target', c: 'caller', d: 'caller' };
    expect(callOptions(layers)).toEqual({ requestMetadata });
    expect(callOptions({ ...layers, client: { requestMetadata: { d: 'client', e: 'client' } } })).toEqual({
      requestMetadata: { ...requestMetadata, d: 'client', e: 'client' },
    });
  });

  it('name the caller in the metadata of the operator, but not in that of a client', () => {
    const metadata = { requestMetadata: { who: '$principal', cost: '$principal-1' } };
    const named = callOptions({ proxy: metadata, admission: { principal: 'auth0|é😀 a' }, client: {} });
    expect(named?.requestMetadata).toEqual({ who: 'auth0___ a', cost: '$principal-1' });
    expect(callOptions({ admission: caller, client: metadata })?.requestMetadata).toEqual(metadata.requestMetadata);
    const long = callOptions({ proxy: metadata, admission: { principal: 'x'.repeat(300) } });
    expect(long?.requestMetadata?.['who']).toBe('x'.repeat(256));
  });
});
