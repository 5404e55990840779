import { expect, it } from 'vitest';
import { rewriteForFunctionUrl, rewriteForHttpApi, rewriteForRest } from './rewrite-headers.js';

const fates = (name: string) => [rewriteForRest(name), rewriteForFunctionUrl(name), rewriteForHttpApi(name)];

it('remaps what the tables remap, in any case', () => {
  const remapped = 'x-amzn-Remapped-www-authenticate';
  expect(fates('WWW-Authenticate')).toEqual([remapped, remapped, 'WWW-Authenticate']);
  expect(fates('content-length')).toEqual(['content-length', 'x-amzn-remapped-content-length', 'content-length']);
});

it('drops what belongs to the connection', () => {
  expect(fates('Transfer-Encoding')).toEqual([undefined, undefined, undefined]);
});

it('passes the rest as it is spelt', () => {
  expect(fates('X-Request-Id')).toEqual(['X-Request-Id', 'X-Request-Id', 'X-Request-Id']);
  expect(fates('Retry-After')).toEqual(['Retry-After', 'Retry-After', 'Retry-After']);
});
