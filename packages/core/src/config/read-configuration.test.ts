import fs from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { readConfiguration } from './read-configuration.js';
import { variableDefaults } from './variable-defaults.js';

const token = 'a-token-of-many-characters';
const read = (environment: Record<string, string> = {}) => {
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  return { logger, ...readConfiguration({ AUTH_TOKEN: token, ...environment }, logger) };
};

describe('readConfiguration', () => {
  it('returns the documented defaults if only AUTH_TOKEN is set', () => {
    const { bedrock, proxy, http, gatewayTimeoutMs, logger } = read();
    expect(bedrock).toEqual({ maxAttempts: 3 });
    expect(proxy.limits).toEqual({
      ...{ maxBodyBytes: 6_000_000, headWaitMs: 5_000, heartbeatMs: 10_000, firstEventTimeoutMs: 300_000 },
      ...{ idleTimeoutMs: 300_000, deadlineMarginMs: 2_000 },
    });
    expect(http).toEqual({ cors: '*' });
    expect(gatewayTimeoutMs).toBe(29_000);
    expect(proxy.logger).toBe(logger);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('warns of a variable that is misspelt', () => {
    const { logger } = read({ ALLOWED_MODEL: 'canary' });
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
      { event: 'config.unknown', variable: 'ALLOWED_MODEL', similar: 'ALLOWED_MODELS' },
      expect.not.stringContaining('canary'),
    );
  });

  it('reads each number from its own variable', () => {
    const { bedrock, proxy, gatewayTimeoutMs } = read({
      ...{
        MAX_BODY_BYTES: '1',
        HEAD_WAIT_MS: '2',
        HEARTBEAT_MS: '3',
        FIRST_EVENT_TIMEOUT_MS: '4',
        IDLE_TIMEOUT_MS: '5',
      },
      ...{ DEADLINE_MARGIN_MS: '0', GATEWAY_TIMEOUT_MS: '7', BEDROCK_MAX_ATTEMPTS: '8' },
    });
    expect(proxy.limits).toEqual({
      ...{
        maxBodyBytes: 1,
        headWaitMs: 2,
        heartbeatMs: 3,
        firstEventTimeoutMs: 4,
        idleTimeoutMs: 5,
        deadlineMarginMs: 0,
      },
    });
    expect([gatewayTimeoutMs, bedrock.maxAttempts]).toEqual([7, 8]);
  });

  const numbers = Object.entries(variableDefaults).filter(
    ([name, value]) => typeof value === 'number' && !/^AUTH|^PORT$|^TRUSTED_PROXIES$|^REQUEST_TIMEOUT_MS$/.test(name),
  );

  it.each(numbers)('refuses a %s that is not a number without quoting it', (name) => {
    expect(() => read({ [name]: 'geheim' })).toThrowError(
      expect.objectContaining({ variable: name, message: expect.not.stringContaining('geheim') }),
    );
  });

  it('writes one line of metrics for each request, but only in AWS', () => {
    const write = vi.spyOn(fs, 'writeSync').mockImplementation((_fd, line) => Buffer.byteLength(String(line)));
    const record = { ...{ requestId: 'r', principal: 'a', sourceIp: null, front: 'test', status: 200 } } as const;
    const ended = { ...record, terminal: 'none', durationMs: 1, attempts: 1, bytesOut: 1 } as const;
    expect(read().proxy.onRequestEnd).toBeUndefined();
    read({ AWS_LAMBDA_FUNCTION_NAME: 'my-proxy' }).proxy.onRequestEnd?.(ended);
    expect(write.mock.calls.map(([fd, line]) => [fd, String(line).slice(-1)])).toEqual([[1, '\n']]);
    expect(JSON.parse(String(write.mock.calls[0]?.[1]))).toMatchObject({ FunctionName: 'my-proxy', Requests: 1 });
    read({ AWS_LAMBDA_HTTP_ENDPOINT: '127.0.0.1:1', FUNCTION_NAME: 'web' }).proxy.onRequestEnd?.(ended);
    expect(JSON.parse(String(write.mock.calls[1]?.[1]))).toMatchObject({ FunctionName: 'web', Requests: 1 });
    write.mockRestore();
  });

  it('returns the access policy that readAccess reads', async () => {
    const { proxy } = read();
    expect(await proxy.access({ requestId: 'r', token })).toMatchObject({ allow: true });
    expect(await proxy.access({ requestId: 'r' })).toMatchObject({ allow: false, code: 'missing_token' });
  });

  it('creates a logger with the level of LOG_LEVEL', () => {
    expect(readConfiguration({ AUTH_TOKEN: token, LOG_LEVEL: 'SILENT' }).proxy.logger).toMatchObject({
      level: 'silent',
    });
    expect(() => readConfiguration({ AUTH_TOKEN: token, LOG_LEVEL: 'loud' })).toThrowError(
      /^LOG_LEVEL must be one of trace, /,
    );
  });
});

describe('BEDROCK_REGION', () => {
  it.each(['eu-west-1', 'us-gov-west-1', 'ap-southeast-2', 'us-iso-east-1', 'eusc-de-east-1'])(
    'accepts %s',
    (region) => {
      expect(read({ BEDROCK_REGION: region }).bedrock.region).toBe(region);
    },
  );

  it.each(['EU-WEST-1', 'eu', 'eu-west', 'eu-west-1.evil.example', 'eu-west-1 ', 'x.amazonaws.com/'])(
    'refuses %j',
    (region) => {
      expect(() => read({ BEDROCK_REGION: region })).toThrowError('BEDROCK_REGION must be a region such as eu-west-1.');
    },
  );
});

describe('CORS_ALLOWED_ORIGINS', () => {
  it.each<[string, unknown]>([
    ['', '*'],
    ['*', '*'],
    [' * ', '*'],
    ['off', 'off'],
    ['https://a.example', ['https://a.example']],
    [' https://a.example , http://localhost:3000,', ['https://a.example', 'http://localhost:3000']],
    ['chrome-extension://abcdef', ['chrome-extension://abcdef']],
  ])('reads %j as %j', (value, cors) => {
    expect(read({ CORS_ALLOWED_ORIGINS: value }).http.cors).toEqual(cors);
  });

  it.each([
    ...[
      'https://a.example/',
      'https://a.example/path',
      'https://a.example?q',
      'a.example',
      'null',
      'https://*.example',
    ],
    ...[
      'https://A.example',
      'https://a.example:443',
      'https://u:p@a.example',
      '*, https://a.example',
      'chrome-extension://a/b',
    ],
    ...['https://a.example https://b.example', 'off,https://a.example'],
  ])('refuses %j', (value) => {
    expect(() => read({ CORS_ALLOWED_ORIGINS: value })).toThrowError(
      /^CORS_ALLOWED_ORIGINS must be \*, off, or origins/,
    );
  });

  it.each([',', ' ', ' , '])('refuses a list without an origin: %j', (value) => {
    expect(() => read({ CORS_ALLOWED_ORIGINS: value })).toThrowError('CORS_ALLOWED_ORIGINS has no origin. Set');
  });
});
