import { type AccessPolicy, allOf, anyOf, bearerTokens, createProxy, ipAllowlist } from '@bedrock-proxy/core';
import { createFunctionUrlHandler } from '@bedrock-proxy/lambda-adapter';
import { FakeInvoker } from '@bedrock-proxy/testing';

const records = [{ id: 'ci', token: 'a-token-of-the-ci-server' }];
const myPolicy: AccessPolicy = async ({ token }) =>
  token === 'a-guest' ? { allow: true, principal: 'guest' } : { allow: false, code: 'invalid_token' };

export const handler = createFunctionUrlHandler(
  createProxy({
    invoker: new FakeInvoker().replyText('Hel', 'lo'),
    access: allOf(ipAllowlist(['10.0.0.0/8']), anyOf(bearerTokens(records), myPolicy)),
  }),
);
