import { describe, expect, it } from 'vitest';
import { corsHeaders, preflightHeaders } from './http-answer.js';

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
    expect(preflightHeaders('off', { 'access-control-request-headers': ['x-a'] })).toEqual({});
  });

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

  const names = (count: number) => Array.from({ length: count }, (_, index) => `x-header-${index}`);

  it.each([
    [['authorization,traceparent,x-amz-content-sha256,x-stainless-os'], undefined],
    [["X-Odd!#$%&'*+.^_`|~-1"], undefined],
    [[' a ,\t b,, ', 'c'], 'a, b, c'],
    [[names(64).join(',')], undefined],
  ])('allow a preflight the names that it asks for: %j', (asked, told) => {
    const { 'access-control-allow-headers': allowed } = preflightHeaders('*', {
      'access-control-request-headers': asked,
    });
    expect(allowed).toBe(told ?? asked.join().replaceAll(',', ', '));
  });

  it.each([
    ['no name', ['']],
    ['commas alone', [', ,']],
    ['a name with a space', ['x-a, x b']],
    ['a name with a line break', ['x-a\r\nset-cookie: a=b']],
    ['a name that is not ASCII', ['x-é']],
    ['a name with a colon', ['x-a:']],
    ['65 names', [names(65).join(',')]],
    ['an endless name', ['x'.repeat(8_193)]],
  ])('allow a preflight the usual names if it asks for %s', (_name, asked) => {
    const { 'access-control-allow-headers': allowed } = preflightHeaders('*', {
      'access-control-request-headers': asked,
    });
    expect(allowed).toBe('authorization, content-type, x-api-key');
  });
});
