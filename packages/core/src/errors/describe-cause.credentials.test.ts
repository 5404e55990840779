import { expect, it } from 'vitest';
import { redactCredentials } from './describe-cause.js';

it.each([
  ['sent Bearer canary-token twice', 'sent [token] twice'],
  ['key AKIAIOSFODNN7EXAMPLE is old', 'key [key] is old'],
  ['key ASIAIOSFODNN7EXAMPLE', 'key [key]'],
  ['JWT eyJhbGciOiJIUzI1NiJ9.e30.AAAA', 'JWT [token]'],
  ['x-api-key: canary-token', 'x-api-key: [secret]'],
  ['"authorization":"canary-token"', '"authorization":[secret]"'],
  ['AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=abc123 ended', '[signature] ended'],
])('redactCredentials replaces the credentials in: %s', (text, redacted) => {
  expect(redactCredentials(text)).toBe(redacted);
});

it('redactCredentials keeps names and ARNs', () => {
  const text =
    'User: arn:aws:sts::111122223333:assumed-role/proxy is not authorized to perform: bedrock:InvokeModel at a.b.c';
  expect(redactCredentials(text)).toBe(text);
});
