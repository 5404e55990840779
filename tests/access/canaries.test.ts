import { exceptionReply, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { describe, expect, it } from 'vitest';
import { type BundleName, bundles, startBundle } from '../conformance/bundles.ts';
import { body } from '../conformance/lambda-events.ts';
import { askFunction, eventOf, type FrontName, type Sent } from './start-front.ts';

const canaries = {
  token: 'canary-in-auth-token',
  otherToken: 'canary-in-auth-tokens',
  secretKey: 'canaryInTheSecretKey',
  presented: 'canary-that-was-presented',
  prompt: 'canary-in-the-prompt',
  header: 'canary-in-a-header',
  upstream: 'canaryFromUpstream',
};

const env = {
  AUTH_TOKEN: canaries.token,
  AUTH_TOKENS: JSON.stringify([{ id: 'other', token: canaries.otherToken }]),
  AWS_SECRET_ACCESS_KEY: canaries.secretKey,
  LOG_LEVEL: 'trace',
  BEDROCK_MAX_ATTEMPTS: '1',
};

const payload = JSON.parse(body) as object;
const question = (more: object) =>
  JSON.stringify({ ...payload, messages: [{ role: 'user', content: canaries.prompt }], ...more });
const sentBy = (token: string, more: Sent = {}): Sent => ({
  body: question({}),
  ...more,
  headers: [
    ['authorization', `Bearer ${token}`],
    ['x-something', canaries.header],
    ['cookie', canaries.header],
  ],
});

const requests: readonly Sent[] = [
  sentBy(canaries.token),
  sentBy(canaries.otherToken, { body: question({ stream: true }) }),
  sentBy(canaries.presented),
  sentBy(`${canaries.presented}, Bearer ${canaries.presented}`),
  sentBy(canaries.token, { body: `{"modelId":"${canaries.prompt}` }),
  sentBy(canaries.token, { body: question({ modelId: `../${canaries.prompt}` }) }),
  sentBy(canaries.token, { body: question({ stream: canaries.prompt }) }),
  sentBy(canaries.token, { path: '/v1/x', query: { key: canaries.presented } }),
];

describe.each<[BundleName, FrontName]>([
  ['function-url', 'function-url'],
  ['api-gateway', 'http-api'],
])('the %s bundle behind a %s front', (bundle, front) => {
  it('puts no secret into an answer or into the log', async () => {
    const bedrock = await startBedrockEmulator({ paceMs: 0 });
    try {
      await using sandbox = await startBundle(bundles[bundle], {
        AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
        ...env,
      });
      const answers: string[] = [];
      const send = async (sent: Sent) => {
        answers.push(JSON.stringify(await askFunction(sandbox.invoke, eventOf(front, sent))));
      };
      for (const sent of requests) await send(sent);
      const message = `Bearer ${canaries.upstream} and AKIA${canaries.upstream}00 at arn:aws:iam::111122223333:role/${canaries.upstream}`;
      for (const name of ['ValidationException', 'AccessDeniedException', 'ThrottlingException'] as const) {
        bedrock.respondWith(exceptionReply(name, message));
        await send(sentBy(canaries.token));
        await send(sentBy(canaries.token, { body: question({ stream: true }) }));
      }
      const secret = [canaries.token, canaries.otherToken, canaries.secretKey, canaries.presented, canaries.header];
      // An answer may contain the prompt canary: one request sends it as a model id, and the error names that id.
      const allAnswers = answers.join('\n');
      for (const canary of [...secret, canaries.upstream]) expect(allAnswers).not.toContain(canary);
      const log = sandbox.log.text;
      expect(log).toContain('request.end');
      for (const canary of [...secret, `Bearer ${canaries.upstream}`, `AKIA${canaries.upstream}`, canaries.prompt]) {
        expect(log).not.toContain(canary);
      }
    } finally {
      await bedrock.close();
    }
  });
});
