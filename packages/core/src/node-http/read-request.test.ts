import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { forwardedAddress, readHeaders, readTarget } from './read-request.js';

describe('readTarget', () => {
  it.each([
    ['/', '/', ''],
    ['/a%2Fb/../c', '/a%2Fb/../c', ''],
    ['/a?b=c&d', '/a', 'b=c&d'],
    ['/a?b?c', '/a', 'b?c'],
    ['?a', '/', 'a'],
    ['', '/', ''],
    ['*', '*', ''],
    ['http://a.example', '/', ''],
    ['http://a.example:80/b?c', '/b', 'c'],
    ['HTTPS://a.example?c', '/', 'c'],
    ['//a.example/b', '//a.example/b', ''],
    ['/http://a.example/b', '/http://a.example/b', ''],
  ])('reads %j', (url, path, query) => {
    expect(readTarget({ url })).toEqual({ path, query });
  });
});

describe('readHeaders', () => {
  it('has each value of a name, in lower case and in their order, and nothing of HTTP/2', () => {
    const rawHeaders = [':path', '/', 'A', '1', 'b', '2', 'a', '3', '__proto__', '4', 'constructor', '5'];
    expect(Object.entries(readHeaders({ rawHeaders }))).toEqual([
      ['a', ['1', '3']],
      ['b', ['2']],
      ['__proto__', ['4']],
      ['constructor', ['5']],
    ]);
  });
});

describe('forwardedAddress', () => {
  const read = (proxies: number, value: string | string[] | undefined) =>
    forwardedAddress(proxies)({ headers: { 'x-forwarded-for': value } as IncomingHttpHeaders });

  it.each([
    [1, '192.0.2.1', '192.0.2.1'],
    [1, '192.0.2.1, 192.0.2.2', '192.0.2.2'],
    [2, '192.0.2.1, 192.0.2.2', '192.0.2.1'],
    [2, '192.0.2.1,192.0.2.2 , 192.0.2.3', '192.0.2.2'],
    [1, ['192.0.2.1', '192.0.2.2'], '192.0.2.2'],
    [2, '192.0.2.1', undefined],
    [1, '192.0.2.1, ', undefined],
    [1, '', undefined],
    [1, undefined, undefined],
  ])('behind %i in %j is %s', (proxies, value, address) => {
    expect(read(proxies, value)).toBe(address);
  });
});
