import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../../errors/proxy-error.js';
import { admittedHead } from '../admitted-head.test-helper.js';
import { bodyFor, parseCall, secondOf } from './anthropic-call.test-helper.js';
import { type AnthropicCodec, anthropicCodec } from './anthropic-codec.js';

const id = 'us.anthropic.claude-sonnet-5';
const version = '"anthropic_version":"bedrock-2023-05-31"';
const beta = 'effort-2025-11-24';

let codec: AnthropicCodec;
beforeEach(() => {
  codec = anthropicCodec({ region: 'us-east-1' });
});
afterEach(() => void vi.useRealTimers());

const parse = (body: object | string, headers = {}) => parseCall(codec.messages, body, headers);
const sent = (body: object | string, headers = {}) => bodyFor(parse(body, headers), { id });

describe('the body for Bedrock', () => {
  it('has the version of Bedrock, whatever the client says', () => {
    const headers = { 'anthropic-version': ['2026-10-21'] };
    expect(sent({ model: id, anthropic_version: 'x', a: 1 }, headers)).toBe(`{${version},"a":1}`);
    expect(sent('{"model":"a"}')).toBe(`{${version}}`);
  });

  it('has the version and the defaults of an alias, where the client has no such member', () => {
    const settings = { anthropicVersion: '2026-10-21', defaults: { max_tokens: 5, a: 2, service_tier: 'x' } };
    const body = bodyFor(parse({ model: 'sonnet', a: 1, service_tier: 'y' }), { id, alias: 'sonnet', settings });
    expect(body).toBe('{"anthropic_version":"2026-10-21","max_tokens":5,"a":1}');
  });

  it('joins the betas of headers and body, each once, in order', () => {
    const headers = { 'anthropic-beta': [`${beta}, computer-use-1 `, 'x,compact-2026-01-12'] };
    const body = { model: id, anthropic_beta: [beta, 'context-1m-2025-08-07'] };
    expect(JSON.parse(sent(body, headers)).anthropic_beta).toEqual([
      ...[beta, 'computer-use-1', 'compact-2026-01-12', 'context-1m-2025-08-07'],
    ]);
  });

  it('drops the management of the context with its beta, unless it is compaction alone', () => {
    const compact = { type: 'compact_20260112' };
    const clear = { type: 'clear_thinking_20251015' };
    const managed = (edits: unknown, options = {}) => {
      codec = anthropicCodec(options);
      const body = { model: id, context_management: { edits } };
      const call = parse(body, { 'anthropic-beta': ['context-management-2025-06-27'] });
      const { context_management, anthropic_beta } = JSON.parse(bodyFor(call, { id }));
      return { kept: context_management !== undefined, betas: anthropic_beta, dropped: call.notes?.dropped };
    };
    const droppedBeta = 'anthropic-beta=context-management-2025-06-27';
    for (const edits of [[clear], [compact, clear], [], undefined, [compact, 1], 'x']) {
      expect(managed(edits)).toEqual({
        kept: false,
        betas: undefined,
        dropped: `${droppedBeta}; body=context_management`,
      });
    }
    const compaction = { kept: true, betas: ['compact-2026-01-12'], dropped: droppedBeta };
    expect(managed([compact, compact])).toEqual(compaction);
    expect(managed([compact], { betasDeny: ['compact-*'] })).toMatchObject({ kept: false, betas: undefined });
    const passed = { kept: true, betas: ['context-management-2025-06-27'], dropped: undefined };
    expect(managed([clear], { betas: ['context-management-*'] })).toEqual(passed);
    expect(managed([clear], { dropFields: [] })).toMatchObject({ kept: true, dropped: droppedBeta });
  });

  it('passes what Bedrock may refuse itself', () => {
    const rest = '"metadata":{"user_id":"x"},"mcp_servers":[],"container":1,"fallbacks":[],"cache_control":{}';
    expect(sent(`{"model":"a",${rest}}`)).toBe(`{${version},${rest}}`);
  });
});

describe('what was left out', () => {
  it('is told to the client and in the log', () => {
    const call = parse({ model: id, speed: 1, service_tier: 1 }, { 'anthropic-beta': [`a-1,${beta},b-1`] });
    expect(call.answerHeaders).toEqual({ 'request-id': 'r-1' });
    bodyFor(call, { id });
    const dropped = 'anthropic-beta=a-1,b-1; body=speed,service_tier';
    expect(call.answerHeaders).toEqual({ 'request-id': 'r-1', 'x-proxy-dropped': dropped });
    expect(call.notes).toEqual({ dropped });
  });

  it('is told in characters that a header can hold', () => {
    const call = parse({ model: id, anthropic_beta: ['a\r\nx: y', 'é', 'z'.repeat(2_000)] });
    bodyFor(call, { id });
    expect(call.notes?.dropped).toBe(`anthropic-beta=a__x:_y,_,${'z'.repeat(64)}`);
  });
});

describe('the names of a session', () => {
  it('are noted if they are plain ids', () => {
    const headers = { 'x-claude-code-session-id': ['7008a223-e3d6_4'], 'x-claude-code-agent-id': ['a'.repeat(65)] };
    expect(parse({ model: id }, headers).notes).toEqual({ sessionId: '7008a223-e3d6_4' });
    expect(parse({ model: id }, { 'x-claude-code-agent-id': ['b'] }).notes).toEqual({ agentId: 'b' });
    expect(parse({ model: id }, { 'x-claude-code-agent-id': ['b c'] }).notes).toEqual({});
  });
});

describe('a request that cannot be read', () => {
  it.each([
    ['{}', ['model']],
    ['{"model":1}', ['model']],
    ['{"model":"a","model":"a"}', ['model']],
    ['{"model":"a","stream":"true"}', ['stream']],
    ['{"model":"a","stream":null}', ['stream']],
    ['{"model":"a","stream":true,"stream":true}', ['stream']],
    ['{"model":"a","anthropic_beta":"x"}', ['anthropic_beta']],
    ['{"model":"a","anthropic_beta":[1]}', ['anthropic_beta']],
    ['{"stream":1}', ['model', 'stream']],
  ])('is refused with everything that is wrong: %s', (body, paths) => {
    const issues = paths.map((path) => expect.objectContaining({ path }));
    expect(() => parse(body)).toThrow(expect.objectContaining({ code: 'invalid_request', issues }));
  });

  it('is refused together with headers that the caller may not send', () => {
    const issues = [{ path: 'x-amzn-bedrock-trace', message: 'Leave it out.' }];
    const head = admittedHead({ issues });
    expect(() => codec.messages.parse(Buffer.from('{"model":"a"}'), head)).toThrow(expect.objectContaining({ issues }));
  });
});

it("refuses an alias of another maker's model by its name", () => {
  const call = parse({ model: 'nova' });
  expect(() => call.bodies({ id: 'amazon.nova-pro-v1:0', alias: 'nova' })).toThrow(/^model: nova is not known/);
});

describe('a model that refuses a beta', () => {
  const refusal = new ProxyError('upstream_validation', { message: 'The model says: Invalid beta flag' });
  const withBeta = () => parse({ model: id }, { 'anthropic-beta': [beta] });

  it('is asked again without any, and asked so for 10 minutes', () => {
    vi.useFakeTimers();
    const call = withBeta();
    expect(JSON.parse(bodyFor(call, { id })).anthropic_beta).toEqual([beta]);
    const second = secondOf(call, refusal);
    expect(bodyFor(second, { id })).toBe(`{${version}}`);
    expect(second.notes).toEqual({ dropped: `anthropic-beta=${beta}` });
    expect(second.recover?.(refusal)).toBeUndefined();

    vi.advanceTimersByTime(599_999);
    expect(bodyFor(withBeta(), { id })).toBe(`{${version}}`);
    expect(bodyFor(withBeta(), { id: 'us.anthropic.other' })).toContain(beta);
    vi.advanceTimersByTime(2);
    expect(bodyFor(withBeta(), { id })).toContain(beta);
  });

  it.each(['messages', 'countTokens'] as const)('changes nothing that is told of the next model: %s', (route) => {
    const call = parseCall(codec[route], { model: id }, { 'anthropic-beta': [beta] });
    bodyFor(call, { id });
    secondOf(call, refusal);
    bodyFor(call, { id });
    expect(call.notes).toEqual({ dropped: `anthropic-beta=${beta}` });
    bodyFor(call, { id: 'us.anthropic.other' });
    expect(call.answerHeaders).toEqual({ 'request-id': 'r-1' });
    expect(call.notes).toEqual({});
  });

  it('is recognised by the sentence alone, and where a beta was sent', () => {
    const call = withBeta();
    bodyFor(call, { id });
    expect(call.recover?.(new ProxyError('upstream_validation'))).toBeUndefined();
    expect(call.recover?.(new ProxyError('throttled', { cause: new Error('invalid beta flag') }))).toBeUndefined();
    const plain = parse({ model: id });
    bodyFor(plain, { id });
    expect(plain.recover?.(refusal)).toBeUndefined();
    expect(
      secondOf(call, new ProxyError('upstream_validation', { cause: new Error('invalid beta flag') })),
    ).toBeTruthy();
  });
});

it("gives a whole answer as Bedrock's own bytes, without its members", () => {
  const whole = (body: string) => {
    const answer = { body: Buffer.from(body), contentType: 'application/json', meta: { attempts: 1 } };
    return Buffer.from(parse({ model: id }).whole([answer], id).body).toString();
  };
  expect(whole('{ "content":[1.0] }')).toBe('{ "content":[1.0] }');
  expect(whole('{"amazon-bedrock-trace":{"x":"y"}, "content":[1.0] }')).toBe('{ "content":[1.0] }');
  expect(whole('<amazon-bedrock-trace>')).toBe('<amazon-bedrock-trace>');
});
