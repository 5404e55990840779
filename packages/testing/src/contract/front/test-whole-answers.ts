import { describe, expect, it } from 'vitest';
import { answerReply } from '../../emulator/index.js';
import { claudeAnswer, claudeReport } from './claude-stream.js';
import type { FrontUnderTest } from './front-under-test.js';
import { claude, post, question } from './question.js';

const oddities =
  '{ "big" : 12345678901234567890123, "one":1.0,"tiny":1e-400,"dup":1,\n\t"dup":2, "é":"\\u00e9 \\/ 🙂\u2028" }\n';
const noUtf8 = Uint8Array.of(0x7b, 0x80, 0xff, 0x00, 0xc3, 0x28, 0x7d);
const bytes = 'application/octet-stream';

const profileArn =
  'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0';

/** That a call which does not stream passes through untouched, in both directions. */
export function testWholeAnswers(front: FrontUnderTest): void {
  describe('an answer that is not streamed', () => {
    it.each(['application/json', 'application/vnd.model+json; charset=utf-8'])(
      'comes byte for byte, as the %s that Bedrock called it',
      async (contentType) => {
        front.bedrock.respondWith(answerReply(oddities, { 'content-type': contentType }));
        const answer = await front.ask('/', post(question()));
        expect(answer).toMatchObject({ status: 200, text: oddities });
        expect(answer.headers['content-type']).toBe(contentType);
      },
    );

    it('comes byte for byte where it is no UTF-8', async () => {
      front.bedrock.respondWith(answerReply(noUtf8, { 'content-type': bytes }));
      const answer = await front.ask('/', post(question(), { accept: bytes }));
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe(bytes);
      expect(answer.body).toEqual(Buffer.from(noUtf8));
    });

    it('is logged with what the model reported', async () => {
      front.bedrock.respondWith(answerReply(claudeAnswer));
      const { end } = await front.ask('/', post(question({ stream: false })));
      expect(end).toMatchObject({
        modelId: claude,
        stream: false,
        terminal: 'none',
        attempts: 1,
        ...claudeReport,
      });
      expect(end).not.toHaveProperty('code');
    });
  });

  describe('the payload', () => {
    const sent = (members: string) =>
      `{${members}"a" : 1.0,"n":12345678901234567890,"d":1,"d":2, "s":"\\u0041 é" ,"o":{"stream":1}}`;
    const payload = Buffer.from(sent(''));

    async function reaches(request: Parameters<FrontUnderTest['ask']>[1]): Promise<void> {
      front.bedrock.respondWith(answerReply({}));
      expect((await front.ask('/', request)).status).toBe(200);
      const received = front.bedrock.requests.at(-1);
      expect(Buffer.from(received?.body ?? [])).toEqual(payload);
      expect(received?.target).toEqual({ modelId: claude, operation: 'invoke' });
    }

    it.each([`"modelId":"${claude}",`, `"stream":false,"modelId":"${claude}",`, `"model":"${claude}",`])(
      'reaches Bedrock as it was sent, less %s',
      async (members) => reaches(post(sent(members))),
    );

    it.each([
      ['no content type', {}],
      ['text/plain', { 'content-type': 'text/plain' }],
      [bytes, { 'content-type': bytes }],
      ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ])('is read as JSON from %s', async (_, headers) => {
      await reaches({ body: sent(`"modelId":"${claude}",`), headers });
    });

    it('keeps a model beside the modelId', async () => {
      front.bedrock.respondWith(answerReply({}));
      await front.ask('/', post(`{"modelId":"${claude}","model":"mine"}`));
      expect(front.bedrock.requests.at(-1)?.json()).toEqual({ model: 'mine' });
    });

    it('is whole in both directions where it is large', async () => {
      front.bedrock.respondWith(({ body }) => answerReply(body));
      const large = `"text":"${'Grüße '.repeat(200_000)}"}`;
      const answer = await front.ask('/', post(`{"modelId":"${claude}",${large}`));
      expect(answer.status).toBe(200);
      expect(answer.text === `{${large}`).toBe(true);
    });

    it.each([profileArn, 'amazon.nova-lite-v1:0', 'modèle.ü'])(
      'goes to the model that is named: %s',
      async (modelId) => {
        front.bedrock.respondWith(answerReply({}));
        const { end } = await front.ask('/', post(question({ modelId })));
        expect(end.modelId).toBe(modelId);
        expect(front.bedrock.requests.at(-1)?.target?.modelId).toBe(modelId);
      },
    );

    it('goes out alone: no header of the client goes with it', async () => {
      front.bedrock.respondWith(answerReply({}));
      await front.ask(
        '/',
        post(question(), { 'x-api-key': 'the-clients-own', authorization: 'Basic secret', cookie: 'a=b' }),
      );
      const headers = JSON.stringify(front.bedrock.requests.at(-1)?.headers);
      for (const own of ['the-clients-own', 'Basic secret', 'a=b']) expect(headers).not.toContain(own);
    });
  });
}
