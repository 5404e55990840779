import { describe, expect, it } from 'vitest';
import { modelAllowlist } from '../access/model-globs.js';
import type { PlainAnswer } from '../dialects/dialect.js';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import { createProxy, type ProxyOptions } from '../proxy/create-proxy.js';
import type { RequestRecord } from '../telemetry/request-record.js';
import type { BufferedAnswer } from './http-answer.js';
import { serve } from './serve.js';

const id = 'us.anthropic.claude-sonnet-5';
const arn = `arn:aws:bedrock:us-east-1:111122223333:inference-profile/${id}`;
const aliases = {
  sonnet: id,
  profile: arn,
  tuned: { targets: [{ model: id }], defaults: { top_k: 5, max_tokens: 9 } },
};
const logger = { info() {}, warn() {}, error() {} };

async function ask(body: object | string, options: Partial<ProxyOptions> = {}) {
  const invoker = inlineInvoker({ answer: {}, steps: [{ type: 'message_stop' }] });
  const records: RequestRecord[] = [];
  const access = () => ({ allow: true, principal: 'team-a' }) as const;
  const onRequestEnd = (record: RequestRecord) => void records.push(record);
  const proxy = createProxy({ invoker, access, aliases, logger, onRequestEnd, ...options });
  const { signal } = new AbortController();
  const request = { front: 'test', requestId: 'r-1', method: 'POST', path: '/', headers: {}, signal };
  const answer = (await serve(proxy, {
    ...request,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })) as BufferedAnswer;
  await answer.close({ bytesOut: 0 });
  return { answer: answer as PlainAnswer, invoker, record: records[0] };
}

describe('a call by an alias', () => {
  it.each([false, true])('goes to what it stands for, and says so: stream %s', async (stream) => {
    const { answer, invoker, record } = await ask({ modelId: 'sonnet', stream, max_tokens: 1 });
    expect(invoker.calls[0]?.modelId).toBe(id);
    expect(answer.headers['x-served-model']).toBe(id);
    expect(record).toMatchObject({ modelId: 'sonnet', servedModelId: id });
  });

  it('tells no account in the name of an ARN', async () => {
    const { answer, invoker } = await ask({ modelId: 'profile' });
    expect(invoker.calls[0]?.modelId).toBe(arn);
    expect(answer.headers['x-served-model']).toBe(id);
  });

  it('puts in the defaults that the client left out, and changes no other byte', async () => {
    const { invoker } = await ask({ modelId: 'tuned', max_tokens: 1 });
    expect(Buffer.from(invoker.calls[0]?.body ?? []).toString()).toBe('{"top_k":5,"max_tokens":1}');
  });

  it.each([
    ['{"modelId":"tuned"}', '{"top_k":5,"max_tokens":9}'],
    ['{ "modelId" : "tuned" }', '{"top_k":5,"max_tokens":9}'],
    ['{"modelId":"tuned", "a" : 1.0,"a":2 }', '{"top_k":5,"max_tokens":9, "a" : 1.0,"a":2 }'],
    ['{"top_k":1,"modelId":"tuned","top_k":2}', '{"max_tokens":9,"top_k":1,"top_k":2}'],
    ['{"modelId":"tuned","a":{"top_k":1,"max_tokens":2}}', '{"top_k":5,"max_tokens":9,"a":{"top_k":1,"max_tokens":2}}'],
    [String.raw`{"t\u006fp_k":1,"modelId":"tuned"}`, String.raw`{"max_tokens":9,"t\u006fp_k":1}`],
    ['{"modelId":"tuned","top_k":null,"max_tokens":null}', '{"top_k":null,"max_tokens":null}'],
  ])('changes no byte but the members that it puts in: %s', async (sent, expected) => {
    const { invoker } = await ask(sent);
    expect(Buffer.from(invoker.calls[0]?.body ?? []).toString()).toBe(expected);
  });

  it('is judged by what it stands for, unless a grant names it', async () => {
    const status = async (pattern: string) =>
      (await ask({ modelId: 'sonnet' }, { access: modelAllowlist([pattern]) })).answer.status;
    expect(await status('sonnet')).toBe(403);
    expect(await status('*haiku*')).toBe(403);
    expect(await status('us.anthropic.*')).toBe(200);
    expect(await status('@sonnet')).toBe(200);
  });
});

describe('a call by an id', () => {
  it('has neither the header nor the field of an alias', async () => {
    const { answer, record } = await ask({ modelId: id });
    expect(answer.headers).not.toHaveProperty('x-served-model');
    expect(record).not.toHaveProperty('servedModelId');
  });
});

it('does not start with an alias that is not valid', () => {
  const options = { invoker: inlineInvoker(), access: modelAllowlist(['*']), aliases: { 'us.sonnet': id } };
  expect(() => createProxy(options)).toThrow('The alias us.sonnet');
});
