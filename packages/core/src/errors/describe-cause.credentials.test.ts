import { expect, it } from 'vitest';
import { redactCredentials } from './describe-cause.js';

it.each([
  ['sent Bearer canary-token twice', 'sent [token] twice'],
  ['key AKIAIOSFODNN7EXAMPLE is old', 'key [key] is old'],
  ['key ASIAIOSFODNN7EXAMPLE', 'key [key]'],
  ['JWT eyJhbGciOiJIUzI1NiJ9.e30.AAAA', 'JWT [token]'],
  ['x-api-key: canary-token', 'x-api-key: [secret]'],
  ['"authorization":"canary-token"', '"authorization":[secret]"'],
  ['Authorization: Basic dXNlcjpwYXNz was sent', 'Authorization: [secret] was sent'],
  ['"authorization": "Basic dXNlcjpwYXNz"', '"authorization": [secret]"'],
  ['proxy-authorization=Digest abc', 'proxy-authorization=[secret]'],
  ['authorization: canary', 'authorization: [secret]'],
  ['the header was Basic dXNlcjpwYXNz.', 'the header was [secret].'],
  ['AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=abc123 ended', '[signature] ended'],
])('redactCredentials replaces the credentials in: %s', (text, redacted) => {
  expect(redactCredentials(text)).toBe(redacted);
});

it('redactCredentials keeps names and ARNs', () => {
  const text =
    'A basic authentication, basic information. User: arn:aws:sts::111122223333:assumed-role/proxy is not authorized to perform: bedrock:InvokeModel at a.b.c';
  expect(redactCredentials(text)).toBe(text);
});

it('redactCredentials takes linear time for a megabyte of a repeated word', () => {
  for (const word of ['x-amz-', 'authorization ', 'authorization: ', 'bearer ', 'Basic ', 'eyJ', 'AKIA', ' ', 'a']) {
    const before = process.cpuUsage();
    redactCredentials(word.repeat(1_000_000 / word.length));
    const { user, system } = process.cpuUsage(before);
    expect([word, (user + system) / 1_000 < 1_000]).toEqual([word, true]);
  }
});
