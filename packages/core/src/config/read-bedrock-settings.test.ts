import { describe, expect, it, vi } from 'vitest';
import type { AccessDecision, AccessPolicy } from '../access/access-policy.js';
import { readBedrockSettings, withStreamMode } from './read-bedrock-settings.js';

const arn = 'arn:aws:bedrock:us-east-1:123456789012:guardrail/abc123';

function read(environment: Readonly<Record<string, string>>) {
  const warn = vi.fn();
  const settings = readBedrockSettings(environment, { info() {}, warn, error() {} });
  return { settings, warnings: warn.mock.calls.map(([{ event }]) => event) };
}

describe('settings of Bedrock', () => {
  it('are none by default', () => {
    expect(read({})).toEqual({ settings: {}, warnings: [] });
  });

  it('have a guardrail', () => {
    const { settings, warnings } = read({ GUARDRAIL: `${arn}:3` });
    expect(settings).toEqual({ callOptions: { guardrail: { id: arn, version: '3' } } });
    expect(warnings).toEqual([]);
  });

  it('warn of a draft, and of a mode that masks nothing', () => {
    const { settings, warnings } = read({ GUARDRAIL: 'abc123:DRAFT', GUARDRAIL_STREAM_MODE: 'async' });
    expect(settings.callOptions?.guardrail).toEqual({ id: 'abc123', version: 'DRAFT', streamMode: 'async' });
    expect(warnings).toEqual(['guardrail.draft', 'guardrail.async']);
  });

  it('have a tier, a latency and metadata', () => {
    const variables = {
      SERVICE_TIER: ' Flex',
      PERFORMANCE_LATENCY: 'optimized',
      REQUEST_METADATA: '{"who":"$principal"}',
    };
    expect(read(variables).settings).toEqual({
      callOptions: { serviceTier: 'flex', performanceLatency: 'optimized', requestMetadata: { who: '$principal' } },
    });
  });

  it('leave to callers what CLIENT_OPTIONS lists', () => {
    expect(read({ CLIENT_OPTIONS: 'metadata, service-tier,metadata' }).settings).toEqual({
      clientMaySet: ['service-tier', 'metadata'],
    });
  });

  it.each([
    ['GUARDRAIL', 'geheim'],
    ['GUARDRAIL', ' '],
    ['GUARDRAIL_STREAM_MODE', 'geheim'],
    ['CLIENT_OPTIONS', 'trace,geheim'],
    ['CLIENT_OPTIONS', ','],
    ['SERVICE_TIER', 'geheim'],
    ['SERVICE_TIER', ' '],
    ['PERFORMANCE_LATENCY', 'geheim'],
    ['REQUEST_METADATA', 'geheim'],
    ['REQUEST_METADATA', '{"geheim|":""}'],
    ['REQUEST_METADATA', '{}'],
  ])('refuse to start with %s=%s, and do not repeat it', (variable, value) => {
    expect(() => read({ [variable]: value })).toThrowError(
      expect.objectContaining({ variable, message: expect.not.stringContaining('geheim') }),
    );
  });
});

describe('the stream mode', () => {
  const decide = async (decision: AccessDecision, mode: string) => {
    const policy: AccessPolicy = Object.assign(() => decision, { admitsSource: () => false });
    const wrapped = withStreamMode(policy, { GUARDRAIL_STREAM_MODE: mode });
    expect(wrapped.admitsSource?.('192.0.2.1')).toBe(false);
    return await wrapped({ requestId: 'r' });
  };
  const guardrail = { id: 'abc123', version: '1' };
  const admission = { allow: true, principal: 'a', callOptions: { guardrail, serviceTier: 'flex' } } as const;

  it('applies to the guardrail of a caller too', async () => {
    expect(await decide(admission, 'async')).toEqual({
      ...admission,
      callOptions: { guardrail: { ...guardrail, streamMode: 'async' }, serviceTier: 'flex' },
    });
  });

  it('changes nothing else', async () => {
    expect(await decide(admission, 'sync')).toBe(admission);
    for (const decision of [
      { allow: true, principal: 'a' },
      { allow: false, code: 'invalid_token' },
    ] as const) {
      expect(await decide(decision, 'async')).toBe(decision);
    }
  });
});
