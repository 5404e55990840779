import { describe, expect, it } from 'vitest';
import { corsHeaders, preflightHeaders } from './cors.js';

const expose = {
  'access-control-expose-headers':
    'x-request-id, retry-after, www-authenticate, x-amzn-remapped-www-authenticate, request-id, x-should-retry, x-proxy-dropped, x-proxy-estimate, x-served-model',
};
const listed = ['https://a.example', 'http://localhost:3000'];
const from = (...origin: readonly string[]) => ({ origin });

describe('the CORS headers of an answer', () => {
  it('let every page read it where every origin may', () => {
    const all = { 'access-control-allow-origin': '*', ...expose };
    expect(corsHeaders('*', {})).toEqual(all);
    expect(corsHeaders('*', from('https://a.example'))).toEqual(all);
  });

  it.each(listed)('name the origin of the page where it is listed: %s', (origin) => {
    expect(corsHeaders(listed, from(origin))).toEqual({
      'access-control-allow-origin': origin,
      ...expose,
      vary: 'Origin',
    });
  });

  it.each([
    ['no origin', {}],
    ['an empty one', from('')],
    ['null', from('null')],
    ['another port', from('https://a.example:8443')],
    ['another scheme', from('http://a.example')],
    ['another case', from('https://A.example')],
    ['a longer host', from('https://a.example.evil')],
    ['a part of a host', from('a.example')],
    ['a star', from('*')],
    ['two in one value', from('https://a.example, https://b.example')],
  ])('name none, but say that it depends on it, for %s', (_name, headers) => {
    expect(corsHeaders(listed, headers)).toEqual({ ...expose, vary: 'Origin' });
  });

  it('are left to another layer where they are off', () => {
    expect(corsHeaders('off', from('https://a.example'))).toEqual({});
    expect(preflightHeaders('off', {})).toEqual({});
  });

  const preflight = (...names: readonly string[]) =>
    preflightHeaders('*', { 'access-control-request-headers': names })['access-control-allow-headers'];

  it('tell a preflight what may be sent, for a day, and never with credentials', () => {
    const told = {
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': 'authorization, content-type, x-api-key',
      'access-control-max-age': '86400',
      vary: 'Access-Control-Request-Headers',
    };
    expect(preflightHeaders('*', {})).toEqual(told);
    expect(preflightHeaders(listed, {})).toEqual(told);
  });

  it('let a preflight send the headers that it names', () => {
    expect(preflight('anthropic-version,x-stainless-os , authorization')).toBe(
      'anthropic-version, x-stainless-os, authorization',
    );
  });

  it.each([
    ['no name', ''],
    ['names that are none', 'a b,<x>,é'],
    ['over 64 names', Array.from({ length: 65 }, (_, index) => `x-${index}`).join(',')],
  ])('tell a preflight with %s what is usually sent', (_name, asked) => {
    expect(preflight(asked)).toBe('authorization, content-type, x-api-key');
  });
});
