import { describe, expect, it } from 'vitest';
import { functionNameOf } from './environment.js';
import { isOpen, readServerSettings } from './read-server-settings.js';

const withToken = { AUTH_TOKEN: 'a-token-of-many-characters' };

describe('the settings of a server', () => {
  it('are those of this machine alone by default', () => {
    expect(readServerSettings({})).toEqual({
      ...{ isWebFunction: false, host: '127.0.0.1', port: 8080, trustedProxies: 0 },
    });
  });

  it('are read from HOST, PORT, TRUSTED_PROXIES and REQUEST_TIMEOUT_MS', () => {
    const environment = { HOST: ' 0.0.0.0 ', PORT: '0', TRUSTED_PROXIES: '2', REQUEST_TIMEOUT_MS: '300000' };
    expect(readServerSettings({ ...environment, ...withToken })).toEqual({
      ...{ isWebFunction: false, host: '0.0.0.0', port: 0, trustedProxies: 2, requestTimeoutMs: 300_000 },
    });
  });

  it.each([
    ['http://127.0.0.1:9001', '127.0.0.1', 9001],
    ['http://127.0.0.1:9001/', '127.0.0.1', 9001],
    ['127.0.0.1:9001', '127.0.0.1', 9001],
    ['localhost:9001', 'localhost', 9001],
    ['0.0.0.0:8080', '0.0.0.0', 8080],
    ['[::1]:9001', '::1', 9001],
    ['http://[::]:9001', '::', 9001],
    ['tcp://127.0.0.1:9001', '127.0.0.1', 9001],
    ['http://127.0.0.1', '127.0.0.1', 80],
  ])('are those of AWS in a Web Function: %s', (endpoint, host, port) => {
    const environment = { AWS_LAMBDA_HTTP_ENDPOINT: endpoint, HOST: 'ignored', PORT: '1' };
    expect(readServerSettings(environment)).toEqual({
      ...{ isWebFunction: true, host, port, trustedProxies: 1, requestTimeoutMs: 30_000 },
    });
  });

  it('of a Web Function may name more proxies, and its own timeout', () => {
    const environment = { AWS_LAMBDA_HTTP_ENDPOINT: '127.0.0.1:1', TRUSTED_PROXIES: '2', REQUEST_TIMEOUT_MS: '900000' };
    expect(readServerSettings(environment)).toMatchObject({ trustedProxies: 2, requestTimeoutMs: 900_000 });
  });

  it.each(['0.0.0.0', '::', '[::]', '10.0.0.7', 'proxy.example.com', '127.0.0.1.example.com', '1127.0.0.1'])(
    'let other machines in only with a source of tokens: HOST=%s',
    (HOST) => {
      const opened = () => readServerSettings({ HOST, ALLOWED_IPS: '10.0.0.0/8' });
      expect(opened).toThrowError(
        'HOST lets other machines call this server, but no source of tokens is configured. Set AUTH_TOKEN, AUTH_TOKENS, AUTH_TOKENS_SECRET_ID, AUTH_TOKENS_PARAMETER or JWT_ISSUER, or listen on 127.0.0.1.',
      );
      expect(readServerSettings({ HOST, ...withToken }).host).toBe(HOST.replace(/[[\]]/g, ''));
      expect(readServerSettings({ HOST, JWT_ISSUER: 'https://login.example.com' }).port).toBe(8080);
    },
  );

  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.8.0.1', '::1', '[::1]'])(
    'need no token on this machine: HOST=%s',
    (HOST) => {
      expect(readServerSettings({ HOST }).host).toBe(HOST.replace(/[[\]]/g, ''));
    },
  );

  it.each([
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535.'],
    [{ PORT: '80a' }, 'PORT must be a whole number of at least 0, written in digits.'],
    [{ TRUSTED_PROXIES: '-1' }, 'TRUSTED_PROXIES must be a whole number of at least 0, written in digits.'],
    [{ REQUEST_TIMEOUT_MS: '0' }, 'REQUEST_TIMEOUT_MS must be a whole number of at least 1, written in digits.'],
    [
      { AWS_LAMBDA_HTTP_ENDPOINT: 'http://' },
      'AWS_LAMBDA_HTTP_ENDPOINT must be a URL, or a host and a port. AWS sets it.',
    ],
  ])('are refused if they are wrong: %j', (environment, message) => {
    expect(() => readServerSettings(environment)).toThrowError(message);
  });
});

describe('the name of the function', () => {
  it.each([
    [{}, undefined],
    [{ AWS_LAMBDA_FUNCTION_NAME: 'mine', FUNCTION_NAME: 'other' }, 'mine'],
    [{ AWS_LAMBDA_HTTP_ENDPOINT: '127.0.0.1:1' }, 'web-function'],
    [{ AWS_LAMBDA_HTTP_ENDPOINT: '127.0.0.1:1', FUNCTION_NAME: 'mine' }, 'mine'],
    [{ FUNCTION_NAME: 'mine' }, undefined],
  ])('in %j is %s', (environment, name) => {
    expect(functionNameOf(environment)).toBe(name);
  });
});

it.each(['AUTH_TOKEN', 'AUTH_TOKENS', 'AUTH_TOKENS_SECRET_ID', 'AUTH_TOKENS_PARAMETER', 'JWT_ISSUER'])(
  'a proxy with %s is not open to everyone',
  (name) => {
    expect(isOpen({})).toBe(true);
    expect(isOpen({ [name]: 'x' })).toBe(false);
  },
);
