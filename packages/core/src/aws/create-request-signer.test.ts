import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { createRequestSigner, type SigningKeys, type UnsignedRequest } from './create-request-signer.js';

const keys: SigningKeys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const at = new Date('2026-03-04T05:06:07.890Z');

beforeEach(() => void vi.useFakeTimers({ now: at, toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

async function bySdk(service: string, region: string, request: UnsignedRequest, credentials: SigningKeys, time: Date) {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const identity = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  const signer = new SignatureV4({ service, region, credentials: identity, sha256: Sha256 });
  const { headers } = await signer.sign(
    {
      method: 'POST',
      protocol: 'https:',
      hostname: 'example.com',
      query: {},
      ...request,
      headers: { ...request.headers },
    },
    { signingDate: time },
  );
  return headers;
}

const text = (maxLength: number) => fc.string({ unit: 'grapheme', maxLength });
const headerNames = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  // Every name that a signature leaves out, and names that begin like one.
  fc.constantFrom(
    ...['cache-control', 'connection', 'expect', 'from', 'keep-alive', 'max-forwards', 'pragma', 'referer', 'te'],
    ...['trailer', 'transfer-encoding', 'upgrade', 'user-agent', 'x-amzn-trace-id', 'proxy-a', 'sec-b', 'proxy', 'tea'],
    ...['x-amz-user-agent', 'x-te', 'security', 'amz-sdk-request'],
  ),
);
const reserved = ['authorization', 'date', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token', '__proto__'];
const headerValues = fc.oneof(
  fc.stringMatching(/^[ -~]{0,20}$/),
  fc.stringMatching(/^[ \t]{0,3}[a-z]{0,3}[ \t\r\n]{0,4}[a-z]{0,3}[ \t]{0,3}$/),
);
const paths = fc
  .array(fc.oneof(text(8).map(encodeURIComponent), fc.constantFrom('', '.', '..', 'a:b', "!'()*~", '%2F', '...')), {
    maxLength: 6,
  })
  .map((segments) => `/${segments.join('/')}`);
const credentials = fc.record({
  accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
  // Over 64 bytes, HMAC hashes its key.
  secretAccessKey: fc.string({ minLength: 1, maxLength: 90 }),
  sessionToken: fc.option(fc.stringMatching(/^[\w/+=]{1,40}$/), { nil: undefined }),
});

test('the headers of any request equal those that the signer of the SDK makes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('bedrock', 'dynamodb', 'sts'),
      fc.constantFrom('us-east-1', 'cn-north-1', 'us-gov-west-1'),
      paths,
      fc.dictionary(headerNames, headerValues, { maxKeys: 8 }),
      fc.oneof(text(300), fc.uint8Array({ maxLength: 300 })),
      credentials,
      fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
      async (service, region, path, others, body, identity, time) => {
        const kept = Object.entries(others).filter(([name]) => !reserved.includes(name));
        const request = { path, headers: { host: 'example.com', ...Object.fromEntries(kept) }, body };
        vi.setSystemTime(time);
        const { headers } = createRequestSigner(service, region)(request, identity);
        expect(headers).toEqual(await bySdk(service, region, request, identity, time));
      },
    ),
  );
});

describe('a signer derives its key', () => {
  const request: UnsignedRequest = { path: '/model/a%3A0/invoke', headers: { host: 'h' }, body: '{}' };
  const sign = createRequestSigner('bedrock', 'eu-west-1');

  it.each<readonly [string, SigningKeys, Date]>([
    ['for a day', keys, at],
    ['for the same day once more', keys, new Date(at.getTime() + 60_000)],
    ['for the next day again', keys, new Date(at.getTime() + 86_400_000)],
    [
      'for another secret of that day again',
      { ...keys, secretAccessKey: 'another' },
      new Date(at.getTime() + 86_400_000),
    ],
    ['for the first secret of that day again', keys, new Date(at.getTime() + 86_400_000)],
  ])('%s', async (_, identity, time) => {
    vi.setSystemTime(time);
    const { headers } = sign(request, identity);
    expect(headers).toEqual(await bySdk('bedrock', 'eu-west-1', request, identity, time));
  });
});

it.each([59, 60, 61])(
  'a secret of %i characters, around the block of a digest, signs as that of the SDK',
  async (length) => {
    const request: UnsignedRequest = { path: '/', headers: { host: 'h' }, body: '' };
    const identity = { ...keys, secretAccessKey: 'k'.repeat(length) };
    const { headers } = createRequestSigner('sts', 'eu-west-1')(request, identity);
    expect(headers).toEqual(await bySdk('sts', 'eu-west-1', request, identity, at));
  },
);

it('a signer leaves the headers that it was given as they are', () => {
  const headers = Object.freeze({ host: 'h' });
  const signed = createRequestSigner('bedrock', 'eu-west-1')({ path: '/', headers, body: '' }, keys);
  expect(Object.keys(signed.headers).sort()).toEqual(['authorization', 'host', 'x-amz-content-sha256', 'x-amz-date']);
});

test.each<Partial<SigningKeys>>([{ accessKeyId: 'AKIDEXAMPLE' }, { secretAccessKey: 'secret' }, {}])(
  'nothing is signed with credentials that lack a key: %j',
  (given) => {
    const sign = createRequestSigner('bedrock', 'eu-west-1');
    const signing = () => sign({ path: '/', headers: { host: 'h' }, body: '' }, given as SigningKeys);
    expect(signing).toThrow('The AWS credentials lack the id of the access key or its secret.');
    expect(signing).toThrow(expect.objectContaining({ name: 'CredentialsProviderError' }));
  },
);
