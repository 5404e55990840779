import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cloudWatchMetrics } from './cloudwatch-metrics.js';
import type { RequestRecord } from './request-record.js';

const done: RequestRecord = {
  ...{ requestId: 'r-1', principal: 'team-a', sourceIp: '192.0.2.1', front: 'function-url', bytesOut: 99, attempts: 1 },
  ...{ modelId: 'eu.anthropic.claude-opus-5', stream: true, status: 200, terminal: 'done', durationMs: 12.5 },
};

beforeEach(() => void vi.useFakeTimers({ now: 1_763_800_000_000 }));
afterEach(() => void vi.useRealTimers());

function emit(record: RequestRecord) {
  const lines: string[] = [];
  cloudWatchMetrics('my-proxy', (line) => void lines.push(line))(record);
  return lines;
}

function metricsOf(changes: Partial<RequestRecord>): Record<string, unknown> {
  return JSON.parse(emit({ ...done, ...changes })[0] ?? '{}');
}

describe('the metrics of a request', () => {
  it('are one line of EMF', () => {
    const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
    const [line = '', ...more] = emit({ ...done, ...usage, costUsd: 0.25, firstTextMs: 3.5 });
    expect([line.includes('\n'), more]).toEqual([false, []]);
    expect(JSON.parse(line)).toEqual({
      _aws: {
        Timestamp: 1_763_800_000_000,
        CloudWatchMetrics: [
          {
            Namespace: 'BedrockProxy',
            Dimensions: [['FunctionName'], ['FunctionName', 'ModelFamily'], ['FunctionName', 'StatusClass']],
            Metrics: [
              { Name: 'Requests', Unit: 'Count' },
              { Name: 'Errors', Unit: 'Count' },
              { Name: 'Throttled', Unit: 'Count' },
              { Name: 'AuthRejected', Unit: 'Count' },
              { Name: 'LimitRefusals', Unit: 'Count' },
              { Name: 'InputTokens', Unit: 'Count' },
              { Name: 'OutputTokens', Unit: 'Count' },
              { Name: 'CacheReadTokens', Unit: 'Count' },
              { Name: 'CacheWriteTokens', Unit: 'Count' },
              { Name: 'CostUsd', Unit: 'None' },
              { Name: 'TimeToFirstText', Unit: 'Milliseconds' },
              { Name: 'Duration', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      ...{ FunctionName: 'my-proxy', ModelFamily: 'anthropic', StatusClass: '2xx' },
      ...{ Requests: 1, Errors: 0, Throttled: 0, AuthRejected: 0, TimeToFirstText: 3.5, Duration: 12.5 },
      ...{ LimitRefusals: 0, CostUsd: 0.25 },
      ...{ InputTokens: 1, OutputTokens: 2, CacheReadTokens: 3, CacheWriteTokens: 4 },
    });
  });

  it.each([
    ['INTERVENED', 1],
    ['NONE', 0],
    [undefined, undefined],
  ])('count an answer whose guardrail said %s as %s', (guardrailAction, count) => {
    const change = guardrailAction === undefined ? {} : { guardrailAction };
    expect(metricsOf(change)['GuardrailInterventions']).toBe(count);
  });

  it('name no metric that has no value, and keep a zero', () => {
    const { _aws, ...values } = metricsOf({ inputTokens: 0 });
    expect(values).toEqual({
      ...{ FunctionName: 'my-proxy', ModelFamily: 'anthropic', StatusClass: '2xx' },
      ...{ Requests: 1, Errors: 0, Throttled: 0, AuthRejected: 0, LimitRefusals: 0, InputTokens: 0, Duration: 12.5 },
    });
    expect(JSON.stringify(_aws)).not.toMatch(/OutputTokens|Cache|TimeToFirstText|CostUsd/);
  });

  it.each([
    ['a failure of ours', { status: 500, code: 'internal' }, 1, 0, 0],
    ['a status just below those of ours', { status: 499, code: 'client_closed' }, 0, 0, 0],
    ['a failure of Bedrock', { status: 502, code: 'upstream_error', terminal: 'error' }, 1, 0, 0],
    ['a stream that broke off after its head', { code: 'upstream_truncated', terminal: 'error' }, 1, 0, 0],
    ['a stream that was throttled after its head', { code: 'throttled', terminal: 'error' }, 1, 1, 0],
    ['a throttled call', { status: 429, code: 'throttled', terminal: 'error' }, 0, 1, 0],
    ['a used up quota', { status: 429, code: 'quota_exceeded' }, 0, 1, 0],
    ['a payload that is refused', { status: 400, code: 'upstream_validation', terminal: 'error' }, 0, 0, 0],
    ['a client that left', { code: 'client_closed', terminal: 'none' }, 0, 0, 0],
    ['an unknown token', { status: 401, code: 'invalid_token' }, 0, 0, 1],
    ['no token', { status: 401, code: 'missing_token' }, 0, 0, 1],
    ['a foreign address', { status: 403, code: 'ip_not_allowed' }, 0, 0, 1],
    ['a forbidden model', { status: 403, code: 'model_not_allowed' }, 0, 0, 1],
    ['a forbidden stream', { status: 403, code: 'stream_not_allowed' }, 0, 0, 1],
    ['a store that cannot be read', { status: 503, code: 'auth_unavailable' }, 1, 0, 0],
  ] as const)('of %s are counted as what it was', (_, changes, Errors, Throttled, AuthRejected) => {
    expect(metricsOf(changes)).toMatchObject({ Requests: 1, Errors, Throttled, AuthRejected });
  });

  it.each([
    ['rate_limited', 429, 1],
    ['budget_exceeded', 429, 1],
    ['model_not_priced', 403, 1],
    ['limits_unavailable', 503, 1],
    ['throttled', 429, 0],
  ] as const)('count a refusal by a limit of the proxy: %s', (code, status, LimitRefusals) => {
    const Throttled = code === 'throttled' ? 1 : 0;
    expect(metricsOf({ code, status })).toMatchObject({ LimitRefusals, Throttled, AuthRejected: 0 });
  });

  it('are those of no model where none was reached', () => {
    const { modelId, ...refused } = done;
    const [line = ''] = emit({ ...refused, principal: null, status: 401, code: 'missing_token' });
    expect(JSON.parse(line)).toMatchObject({ ModelFamily: 'none', StatusClass: '4xx' });
  });

  it('are not written for health checks and preflights', () => {
    const { modelId, stream, ...answered } = done;
    expect(emit({ ...answered, principal: null, terminal: 'none' })).toEqual([]);
    expect(emit({ ...answered, principal: null, terminal: 'none', code: 'not_found', status: 404 })).toHaveLength(1);
  });

  it('name neither caller nor model in full', () => {
    const [line] = emit(done);
    expect(line).not.toMatch(/team-a|192\.0\.2\.1|claude/);
  });
});

it('count a request by an alias for the maker of its model', () => {
  const modelId = 'fast';
  expect(metricsOf({ modelId, servedModelId: 'us.amazon.nova-pro-v1:0' })).toMatchObject({ ModelFamily: 'amazon' });
  expect(metricsOf({ modelId })).toMatchObject({ ModelFamily: 'other' });
});
