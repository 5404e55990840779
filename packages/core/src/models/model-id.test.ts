import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isModelId } from './model-id.js';

const account = '123456789012';

/** Much cheaper to make than the unit 'binary' of fast-check. */
const anyCharacter = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

describe('a model id', () => {
  it.each([
    'anthropic.claude-3-5-sonnet-20240620-v1:0',
    'mistral.mistral-7b-instruct-v0:2',
    'anthropic.claude-opus-4-7',
    'zai.glm-4.7',
    'amazon.nova-pro-v1:0:300k',
    'cohere.embed-english-v3:0:512',
    'us.deepseek.r1-v1:0',
    'us-gov.anthropic.claude-v2',
    'global.anthropic.claude-haiku-4-5-20251001-v1:0',
    'anthropic.claude-v2:1',
    'my-alias',
    'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v2',
    'arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/anthropic.claude-v2:1',
    'arn:aws-cn:bedrock:cn-north-1::foundation-model/amazon.nova-pro-v1:0',
    `arn:aws:bedrock:us-east-1:${account}:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0`,
    `arn:aws:bedrock:us-west-2:${account}:application-inference-profile/a1babba1b11x`,
    `arn:aws:bedrock:us-east-1:${account}:provisioned-model/abcdefghijkl`,
    `arn:aws:bedrock:us-east-1:${account}:custom-model/amazon.titan-text-lite-v1/abcdefghijkl`,
    `arn:aws:bedrock:us-east-1:${account}:custom-model/amazon.titan-text-lite-v1:0:4k/abcdefghijkl`,
    `arn:aws:bedrock:us-east-1:${account}:custom-model-deployment/abcdefghijkl`,
    `arn:aws:bedrock:us-east-1:${account}:imported-model/abcdefghijkl`,
    `arn:aws:sagemaker:us-east-1:${account}:endpoint/endpoint-quick-start-idr7y`,
    `arn:aws:bedrock:us-east-1:${account}:prompt-router/abcdefghijkl`,
    `arn:aws:bedrock:us-east-1:${account}:default-prompt-router/anthropic.claude:1`,
    `arn:aws:bedrock:us-east-1:${account}:prompt/ABCDEFGHIJ:1`,
    'a'.repeat(2_048),
  ])('may be %s', (id) => {
    expect(isModelId(id)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['white space', ' '],
    ['two dots', 'anthropic..claude'],
    ['nothing but dots', '..'],
    ['one dot', '.'],
    ['an empty first segment', '.claude'],
    ['an empty last segment', 'anthropic.'],
    ['an empty version', 'anthropic.claude:'],
    ['two colons', 'anthropic.claude::0'],
    ['a blank segment', 'anthropic. .claude'],
    ['a slash outside of an ARN', 'foundation-model/anthropic.claude-v2'],
    ['a path', '../../secrets'],
    ['a line break', 'anthropic.claude\nv2'],
    ['a NUL', 'anthropic.claude\u0000'],
    ['a unit separator', 'anthropic.claude\u001f'],
    ['a DEL', 'anthropic.claude\u007f'],
    ['a C1 control character', 'anthropic.claude\u0085'],
    ['the last C1 control character', 'anthropic.claude\u009f'],
    ['a lone high surrogate', 'anthropic.\ud83d'],
    ['a lone low surrogate', 'anthropic.\ude00'],
    ['one character too many', 'a'.repeat(2_049)],
    ['an ARN of S3', 'arn:aws:s3:::bucket/key'],
    ['an ARN of a service with bedrock in its name', 'arn:aws:bedrock-agent:us-east-1::agent/abc'],
    ['an ARN without a resource', `arn:aws:bedrock:us-east-1:${account}:`],
    ['an ARN cut short', 'arn:aws:bedrock'],
    ['an ARN without a partition', 'arn::bedrock:us-east-1::foundation-model/a'],
    ['an ARN with an empty segment', 'arn:aws:bedrock:us-east-1::foundation-model//a'],
    ['an ARN that ends in a slash', 'arn:aws:bedrock:us-east-1::foundation-model/'],
    ['an ARN with a dot for a segment', 'arn:aws:bedrock:us-east-1::foundation-model/./a'],
    ['an ARN with dots in it', 'arn:aws:bedrock:us-east-1::foundation-model/../a'],
    ['an ARN with a slash before its resource', 'arn:aws:bedrock:us/east:1:a/b'],
    ['an ARN inside of another text', 'xarn:aws:bedrock:us-east-1::foundation-model/a'],
  ])('may not be or hold %s', (_name, id) => {
    expect(isModelId(id)).toBe(false);
  });

  it('never changes the path that it becomes a segment of', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'arn:aws:bedrock:us-east-1::',
        'foundation-model/',
        '.',
        '..',
        '/',
        ':',
        '%2e',
        '%2F',
        '\\',
        '?',
        '#',
        'a',
      ),
      fc.string({ unit: anyCharacter, maxLength: 2 }),
    );
    const id = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
    let passed = 0;
    fc.assert(
      fc.property(id, (candidate) => {
        if (!isModelId(candidate)) return;
        passed++;
        const { pathname } = new URL(`https://bedrock.example/model/${encodeURIComponent(candidate)}/invoke`);
        expect(pathname.split('/')).toHaveLength(4);
        expect(decodeURIComponent(pathname.split('/')[2] ?? '')).toBe(candidate);
        expect(candidate).not.toMatch(/\p{Cc}/u);
        expect(candidate.includes('/') && !candidate.startsWith('arn:')).toBe(false);
      }),
      { numRuns: 3_000 },
    );
    expect(passed).toBeGreaterThan(100);
  });
});
