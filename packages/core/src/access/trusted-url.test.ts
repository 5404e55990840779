import { expect, it } from 'vitest';
import { trustedUrl } from './trusted-url.js';

it.each([
  'https://issuer.example',
  'https://issuer.example/tenant?x=1',
  'http://localhost:8080/keys',
  'http://127.0.0.1:1',
  'http://[::1]:1',
])('trustedUrl accepts %s', (url) => {
  expect(trustedUrl(url, 'It').href).toBe(new URL(url).href);
});

it.each([
  '',
  'issuer',
  'http://issuer.example',
  'http://127.0.0.1.example',
  'http://localhost.example',
  'file:///keys',
  'ftp://localhost',
])('trustedUrl refuses %j without quoting it', (url) => {
  expect(() => trustedUrl(url, 'It')).toThrow(new TypeError('It must be an https URL.'));
});
