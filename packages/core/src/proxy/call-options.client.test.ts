import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientOption } from '../access/access-policy.js';
import type { ModelOperation } from '../ports/model-invoker.js';
import { readJsonObject } from '../request/json-scan.js';
import { clientSettings, judgeBody, rightsOf } from './call-options.js';

const guardrail = { id: 'pinned', version: '1' };
const everything: readonly ClientOption[] = ['guardrail', 'trace', 'service-tier', 'latency', 'metadata'];

const rightsTo = (clientMaySet: readonly ClientOption[] = [], isPinned = false) =>
  rightsOf({ clientMaySet, ...(isPinned && { callOptions: { guardrail } }) }, { allow: true, principal: 'a' });

const settingsOf = (
  headers: Readonly<Record<string, readonly string[]>>,
  maySet: readonly ClientOption[] = [],
  isPinned = false,
) => clientSettings(headers, rightsTo(maySet, isPinned));

const judge = (
  body: string | Uint8Array,
  operation: ModelOperation,
  maySet: readonly ClientOption[] = [],
  isPinned = false,
) => judgeBody(Buffer.from(body), operation, rightsTo(maySet, isPinned));

const pathsOf = (issues: readonly { readonly path: string }[]) => issues.map(({ path }) => path);

/** Each header, a value for it, and what it takes to be permitted. */
const headerCases = [
  ['x-amzn-bedrock-trace', 'ENABLED', 'trace'],
  ['x-amzn-bedrock-performanceconfig-latency', 'optimized', 'latency'],
  ['x-amzn-bedrock-service-tier', 'flex', 'service-tier'],
  ['x-amzn-bedrock-request-metadata', '{"team":"a"}', 'metadata'],
] as const;

const guardrailHeaders = {
  'x-amzn-bedrock-guardrailidentifier': ['theirs'],
  'x-amzn-bedrock-guardrailversion': ['2'],
};

describe('settings in headers', () => {
  it('are none in a request without them', async () => {
    const { issues, options } = await settingsOf({ 'x-amzn-requestid': ['1'], 'x-amz-date': ['2'] });
    expect({ issues, options }).toEqual({ issues: [], options: undefined });
  });

  it.each(headerCases)(
    '%s is an issue that names CLIENT_OPTIONS, unless the caller may set it',
    async (name, value, option) => {
      const { issues } = await settingsOf(
        { [name]: [value] },
        everything.filter((each) => each !== option),
      );
      expect(issues).toEqual([{ path: name, message: expect.stringContaining(`${option} to CLIENT_OPTIONS`) }]);
      if (option !== 'trace') expect((await settingsOf({ [name]: [value] }, [option])).issues).toEqual([]);
    },
  );

  it('become the options of the call if the caller may set them', async () => {
    const headers = Object.fromEntries(headerCases.map(([name, value]) => [name, [value]]));
    expect(await settingsOf({ ...headers, ...guardrailHeaders }, everything)).toMatchObject({
      issues: [],
      options: {
        guardrail: { id: 'theirs', version: '2', trace: 'ENABLED' },
        performanceLatency: 'optimized',
        serviceTier: 'flex',
        requestMetadata: { team: 'a' },
      },
    });
  });

  it.each(Object.keys(guardrailHeaders))('%s alone is an issue', async (name) => {
    expect(pathsOf((await settingsOf({ [name]: ['1'] }, everything)).issues)).toEqual([name]);
  });

  it.each([
    ['x-amzn-bedrock-trace', 'ENABLED'],
    ['x-amzn-bedrock-trace', 'yes'],
    ['x-amzn-bedrock-performanceconfig-latency', 'slow'],
    ['x-amzn-bedrock-service-tier', 'free'],
    ['x-amzn-bedrock-request-metadata', 'team=a'],
    ['x-amzn-bedrock-request-metadata', '{"team":1}'],
    ['x-amzn-bedrock-request-metadata', '["team"]'],
  ])('%s: %s is an issue where it means nothing', async (name, value) => {
    expect(pathsOf((await settingsOf({ [name]: [value] }, everything)).issues)).toEqual([name]);
  });

  it('that are unknown, or sent twice, are issues', async () => {
    expect(pathsOf((await settingsOf({ 'x-amzn-bedrock-new': ['1'] }, everything)).issues)).toEqual([
      'x-amzn-bedrock-new',
    ]);
    const twice = await settingsOf({ 'x-amzn-bedrock-service-tier': ['flex', 'flex'] }, everything);
    expect(pathsOf(twice.issues)).toEqual(['x-amzn-bedrock-service-tier']);
  });

  it('of the guardrail and its trace are issues under a guardrail of the operator, whatever the caller may set', async () => {
    const { issues } = await settingsOf({ ...guardrailHeaders, 'x-amzn-bedrock-trace': ['ENABLED'] }, everything, true);
    expect(pathsOf(issues)).toEqual([...Object.keys(guardrailHeaders), 'x-amzn-bedrock-trace']);
    expect((await settingsOf({ 'x-amzn-bedrock-service-tier': ['flex'] }, everything, true)).issues).toEqual([]);
    const message = 'Leave this out: the operator of this proxy has set a guardrail for this caller.';
    expect(issues.map((issue) => issue.message)).toEqual([message, message, message]);
  });

  it('are not judged if their dialect ignores them', async () => {
    const headers = { 'x-amzn-bedrock-accept': ['*/*'], 'x-amzn-bedrock-unknown': ['1'] };
    const { issues } = await clientSettings(headers, rightsTo(), ['x-amzn-bedrock-accept']);
    expect(pathsOf(issues)).toEqual(['x-amzn-bedrock-unknown']);
  });
});

describe('the settings that a caller may make', () => {
  it('are its own before those of all callers', async () => {
    const body = Buffer.from('{"serviceTier":{},"requestMetadata":{}}');
    const admission = { allow: true, principal: 'a', clientMaySet: ['metadata'] } as const;
    const rights = rightsOf({ clientMaySet: ['service-tier'] }, admission);
    expect(pathsOf(judgeBody(body, 'converse', rights))).toEqual(['serviceTier']);
  });
});

describe('settings in a body', () => {
  const ownMembers = [
    '{"amazon-bedrock-guardrailConfig":{"tagSuffix":"x"}}',
    '{"\\u0061mazon-bedrock-guardrailConfig":{}}',
    '{"messages":[],"amazon-bedrock-guardrailConfig":null,"amazon-bedrock-guardrailConfig":{}}',
    '{"amazon-bedrock-trace":"ENABLED"}',
  ];

  it.each(ownMembers)('%s is an issue for any operation', (body) => {
    for (const operation of ['invoke-model', 'converse', 'count-tokens'] as const) {
      expect(judge(body, operation)).not.toEqual([]);
      expect(judge(body, operation, everything, true)).not.toEqual([]);
      expect(judge(body, operation, ['guardrail'])).toEqual([]);
    }
  });

  it.each([
    ['{"guardrailConfig":{"guardrailIdentifier":"a"}}', 'guardrailConfig', 'guardrail'],
    ['{"serviceTier":{"type":"flex"}}', 'serviceTier', 'service-tier'],
    ['{"performanceConfig":{"latency":"optimized"}}', 'performanceConfig', 'latency'],
    ['{"requestMetadata":{"a":"b"}}', 'requestMetadata', 'metadata'],
    ['{"service\\u0054ier":{"type":"flex"}}', 'serviceTier', 'service-tier'],
  ] as const)('%s is an issue of a Converse body alone', (body, path, option) => {
    expect(judge(body, 'converse')).toEqual([{ path, message: expect.stringContaining('CLIENT_OPTIONS') }]);
    expect(judge(body, 'converse', [option])).toEqual([]);
    expect(judge(body, 'invoke-model')).toEqual([]);
  });

  it('may ask for no trace of a guardrail without the right to it', () => {
    const body = '{"guardrailConfig":{"guardrailIdentifier":"a","\\u0074race" :"enabled"}}';
    expect(pathsOf(judge(body, 'converse', ['guardrail']))).toEqual(['guardrailConfig.trace']);
    expect(judge(body, 'converse', ['guardrail', 'trace'])).toEqual([]);
    expect(pathsOf(judge(body, 'converse', ['trace']))).toEqual(['guardrailConfig']);
    expect(pathsOf(judge(body, 'converse'))).toEqual(['guardrailConfig']);
  });

  it('may have a trace that is none of a guardrail', () => {
    expect(judge('{"requestMetadata":{"trace":"enabled"}}', 'converse', ['metadata'])).toEqual([]);
  });

  it('are none under names that any object has', () => {
    const { members } = readJsonObject(Buffer.from('{"constructor":{},"toString":{}}'));
    expect(judgeBody(members, 'converse', rightsTo())).toEqual([]);
  });

  it.each([
    '{"additionalModelRequestFields":{"amazon-bedrock-guardrailConfig":{}}}',
    '{"additionalModelRequestFields" : \n {"a":1,"amazon-bedrock-guardrailC\\u006fnfig":{}}}',
  ])('%s is an issue', (body) => {
    expect(pathsOf(judge(body, 'converse'))).toEqual(['additionalModelRequestFields.amazon-bedrock-guardrailConfig']);
    expect(judge(body, 'converse', ['guardrail'])).toEqual([]);
  });

  it('may be fields for the model of any type and name', () => {
    expect(judge('{"additionalModelRequestFields":{"top_k":1,"thinking":{"amazon-bedrock-x":1}}}', 'converse')).toEqual(
      [],
    );
    for (const fields of ['null', '"{"', '[{"amazon-bedrock-x":1}]']) {
      expect(judge(`{"additionalModelRequestFields":${fields}}`, 'converse')).toEqual([]);
    }
  });

  it.each([
    '{"messages":[{"role":"user","content":[{"guardContent":{}}]}]}',
    '{"system":[{"guard\\u0043ontent"   :{}}]}',
    `{"messages":[{"content":[{"guardContent"${' '.repeat(200)}:{},"guardContent":null}]}]}`,
  ])('%# hold no block that a guardrail of the operator would narrow to', (body) => {
    const path = expect.stringMatching(/^(?:messages|system)\.guardContent$/);
    const message = expect.stringContaining('has set a guardrail');
    expect(judge(body, 'converse', everything, true)).toEqual([{ path, message }]);
    expect(judge(body, 'converse')).toEqual([]);
  });

  it('may speak of such a block in a text', () => {
    const body = '{"messages":[{"content":[{"text":"\\"guardContent\\": x"},{"text":"guardContent"}]}]}';
    expect(judge(body, 'converse', [], true)).toEqual([]);
  });

  it.each(['', '{', '[]', 'null', '{"a":1} x', '\ufeff{}'])('leaves %j, which cannot be read, to Bedrock', (body) => {
    expect(judge(body, 'converse')).toEqual([]);
    expect(() => judge(body, 'converse', [], true)).toThrow(expect.objectContaining({ code: 'invalid_json' }));
  });

  it.each([
    ['what follows an object', Buffer.from('{"serviceTier":{"type":"priority"}} x')],
    ['what follows an own member', Buffer.from('{"amazon-bedrock-trace":1} x')],
    ['what follows a latency', Buffer.from('{"performanceConfig":{}} x')],
    ['what follows metadata', Buffer.from('{"requestMetadata":{}} x')],
    ['a byte order mark', Buffer.from('\ufeff{"guardrailConfig":{}}')],
    ['an escape', Buffer.from('{"service\\u0054ier":{}} x')],
    ['UTF-16', Buffer.from('{"serviceTier":{}}', 'utf16le')],
    ['65 levels', Buffer.from(`{"a":${'['.repeat(64)}${']'.repeat(64)}}`)],
  ])('hides no setting behind %s', (_, body) => {
    expect(() => judge(body, 'converse')).toThrow(expect.objectContaining({ code: 'invalid_json' }));
  });

  it('are judged alike in bytes and in members', () => {
    const body = '{"serviceTier":{},"amazon-bedrock-x":1,"a":2}';
    const { members } = readJsonObject(Buffer.from(body));
    expect(judgeBody(members, 'converse', rightsTo())).toEqual(judge(body, 'converse'));
    expect(judgeBody(members, 'converse', rightsTo())).toHaveLength(2);
  });

  it('are none in any object without their names', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const isPlain = !Object.keys(object).some((key) => /^amazon-bedrock-|Config$|serviceTier|Metadata/.test(key));
        fc.pre(isPlain);
        expect(judge(JSON.stringify(object), 'converse')).toEqual([]);
      }),
    );
  });
});
