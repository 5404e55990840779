import { describe, expect, it } from 'vitest';
import type { HttpHeaders } from '../dialects/dialect.js';
import { readCredential } from './http-request.js';

describe('the credential of a request', () => {
  it.each<[string, HttpHeaders, string | undefined]>([
    ['nothing', {}, undefined],
    ['a bearer token', { authorization: ['Bearer t-1'] }, 't-1'],
    ['a scheme in small letters', { authorization: ['bearer t-1'] }, 't-1'],
    ['a scheme in capitals', { authorization: ['BEARER t-1'] }, 't-1'],
    ['two spaces', { authorization: ['Bearer  t-1'] }, 't-1'],
    ['a tab', { authorization: ['Bearer\tt-1'] }, 't-1'],
    ['white space around it', { authorization: [' \tBearer t-1 \t'] }, 't-1'],
    ['a scheme alone', { authorization: ['Bearer'] }, undefined],
    ['a scheme and a space', { authorization: ['Bearer '] }, undefined],
    ['an empty header', { authorization: [''] }, undefined],
    ['a token without a scheme', { authorization: ['t-1'] }, undefined],
    ['a token of another scheme', { authorization: ['Basic dTpw'] }, undefined],
    ['a scheme that only begins alike', { authorization: ['Bearertoken t-1'] }, undefined],
    ['a scheme run into its token', { authorization: ['Bearer:t-1'] }, undefined],
    ['a token with characters of base64', { authorization: ['Bearer a+b/c=='] }, 'a+b/c=='],
    ['an API key', { 'x-api-key': ['k-1'] }, 'k-1'],
    ['an API key with white space around it', { 'x-api-key': [' k-1\t'] }, 'k-1'],
    ['two API keys, as one that nobody has', { 'x-api-key': ['a', 'b'] }, 'a,b'],
    ['an empty API key', { 'x-api-key': [''] }, undefined],
    ['a blank API key', { 'x-api-key': ['  '] }, undefined],
    ['both: the bearer alone counts', { authorization: ['Bearer t-1'], 'x-api-key': ['k-1'] }, 't-1'],
    ['both, and the bearer is empty', { authorization: ['Bearer '], 'x-api-key': ['k-1'] }, undefined],
    ['an API key beside another scheme', { authorization: ['Basic dTpw'], 'x-api-key': ['k-1'] }, 'k-1'],
    ['an API key beside an empty header', { authorization: [''], 'x-api-key': ['k-1'] }, 'k-1'],
    [
      'an API key beside a signature with commas',
      { authorization: ['AWS4-HMAC-SHA256 a=b, c=d'], 'x-api-key': ['k'] },
      'k',
    ],
    ['a token in a header of another name', { 'x-authorization': ['Bearer t-1'], cookie: ['token=t-1'] }, undefined],
  ])('is read from %s', (_name, headers, expected) => {
    expect(readCredential(headers)).toBe(expected);
  });

  it.each<[string, HttpHeaders]>([
    ['two headers', { authorization: ['Bearer a', 'Bearer b'] }],
    ['the same header twice', { authorization: ['Bearer a', 'Bearer a'] }],
    ['two headers of another scheme', { authorization: ['Basic a', 'Basic b'] }],
    ['an empty header and another', { authorization: ['', 'Bearer b'] }],
    ['two values joined into one', { authorization: ['Bearer a, Bearer b'] }],
    ['a comma and nothing', { authorization: ['Bearer a,'] }],
    ['two headers beside an API key', { authorization: ['Bearer a', 'Bearer b'], 'x-api-key': ['k'] }],
  ])('is refused where it comes as %s', (_name, headers) => {
    expect(() => readCredential(headers)).toThrowError(
      expect.objectContaining({
        code: 'invalid_request',
        issues: [{ path: 'Authorization', message: 'Send one Authorization header: there is more than one.' }],
      }),
    );
  });
});
