import { expect, it } from 'vitest';
import { rewriteForFunctionUrl, rewriteForHttpApi, rewriteForRest } from './rewrite-headers.js';

const rewritten = (name: string) => [rewriteForRest(name), rewriteForFunctionUrl(name), rewriteForHttpApi(name)];

it('remaps the documented headers in upper and lower case', () => {
  const remapped = 'x-amzn-Remapped-www-authenticate';
  expect(rewritten('WWW-Authenticate')).toEqual([remapped, remapped, 'WWW-Authenticate']);
  expect(rewritten('content-length')).toEqual(['content-length', 'x-amzn-remapped-content-length', 'content-length']);
});

it('UNCONFIRMED: remaps the header that the gateway sets itself', () => {
  const remapped = 'x-amzn-Remapped-x-amzn-requestid';
  expect(rewritten('x-amzn-requestid')).toEqual([remapped, remapped, 'x-amzn-requestid']);
});

it('removes connection headers', () => {
  expect(rewritten('Transfer-Encoding')).toEqual([undefined, undefined, undefined]);
});

it('keeps the spelling of other headers', () => {
  expect(rewritten('X-Request-Id')).toEqual(['X-Request-Id', 'X-Request-Id', 'X-Request-Id']);
  expect(rewritten('Retry-After')).toEqual(['Retry-After', 'Retry-After', 'Retry-After']);
});
