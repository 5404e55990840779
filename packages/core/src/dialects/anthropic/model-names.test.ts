import { describe, expect, it } from 'vitest';
import { knownNames, modelNames } from './model-names.js';

const inUs = modelNames({ region: 'us-east-1' });

describe('a name of Anthropic', () => {
  it.each([
    ['claude-opus-5-5', 'us.anthropic.claude-opus-5-5'],
    ['claude-sonnet-5', 'us.anthropic.claude-sonnet-5'],
    ['claude-sonnet-5[1m]', 'us.anthropic.claude-sonnet-5'],
    ['claude-opus-4-7', 'us.anthropic.claude-opus-4-7'],
    ['claude-sonnet-4-6', 'us.anthropic.claude-sonnet-4-6'],
    ['claude-opus-4-6', 'us.anthropic.claude-opus-4-6-v1'],
    ['claude-opus-4-6[1m]', 'us.anthropic.claude-opus-4-6-v1'],
    ['claude-sonnet-4-5', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['claude-haiku-4-5', 'us.anthropic.claude-haiku-4-5-20251001-v1:0'],
    ['claude-opus-4-5', 'us.anthropic.claude-opus-4-5-20251101-v1:0'],
    ['claude-opus-4-1', 'us.anthropic.claude-opus-4-1-20250805-v1:0'],
    ['claude-sonnet-4-20250514', 'us.anthropic.claude-sonnet-4-20250514-v1:0'],
    ['claude-3-5-sonnet-20240620', 'us.anthropic.claude-3-5-sonnet-20240620-v1:0'],
    ['claude-3-5-sonnet-20241022', 'us.anthropic.claude-3-5-sonnet-20241022-v2:0'],
  ])('%s is %s', (name, id) => {
    expect(inUs(name)).toBe(id);
  });

  it.each([
    [{ region: 'eu-central-1' }, 'eu.anthropic.claude-sonnet-5'],
    [{ region: 'us-gov-west-1' }, 'us-gov.anthropic.claude-sonnet-5'],
    [{ region: 'us-east-1', inferencePrefix: 'global' }, 'global.anthropic.claude-sonnet-5'],
    [{ region: 'ap-northeast-1', inferencePrefix: 'jp' }, 'jp.anthropic.claude-sonnet-5'],
    [{ inferencePrefix: 'none' }, 'anthropic.claude-sonnet-5'],
  ])('has the prefix of %j', (options, id) => {
    expect(modelNames(options)('claude-sonnet-5')).toBe(id);
  });

  it.each(['ap-northeast-1', 'ca-central-1', 'sa-east-1', 'us-iso-east-1', 'eusc-de-east-1', undefined])(
    'guesses no geography in %s',
    (region) => {
      const idOf = modelNames(region === undefined ? {} : { region });
      expect(() => idOf('claude-sonnet-5')).toThrow(
        expect.objectContaining({
          code: 'model_not_found',
          message: expect.stringContaining('BEDROCK_INFERENCE_PREFIX'),
        }),
      );
    },
  );
});

describe('any other name', () => {
  it.each([
    'anthropic.claude-v2',
    'eu.anthropic.claude-sonnet-5',
    'arn:aws:bedrock:us-east-1:111122223333:provisioned-model/x',
    'arn:aws:sagemaker:us-east-1:111122223333:endpoint/x',
  ])('is kept if it is an id of Claude or an ARN: %s', (id) => {
    expect(modelNames({})(id)).toBe(id);
  });

  it.each(['gpt-5', 'sonnet', 'Claude-sonnet-5', 'amazon.nova-pro-v1:0', 'claude', ''])('is not known: %j', (name) => {
    expect(() => inUs(name)).toThrow(
      expect.objectContaining({
        code: 'model_not_found',
        message: expect.stringContaining(`model: ${name} is not known`),
      }),
    );
  });

  it('is quoted in part only, if it is long', () => {
    expect(() => inUs('x'.repeat(5_000))).toThrow(/^model: x{100}… is not known/);
  });
});

it('lists each known name once', () => {
  expect(new Set(knownNames.map(inUs)).size).toBe(knownNames.length);
});
