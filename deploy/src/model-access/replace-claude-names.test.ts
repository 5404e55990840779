import { describe, expect, it } from 'vitest';
import { knownNames, modelNames } from '../../../packages/core/src/dialects/anthropic/model-names.ts';
import { replaceClaudeNames } from './replace-claude-names.ts';

const names = [...knownNames, 'claude-sonnet-4-20250514', 'claude-3-5-sonnet-20241022', 'claude-3-haiku-20240307'];

describe('replaceClaudeNames', () => {
  it.each([
    { region: 'us-east-1' },
    { region: 'eu-central-1' },
    { region: 'us-gov-west-1' },
    { region: 'ap-northeast-1', inferencePrefix: 'jp' },
    { region: 'us-east-1', inferencePrefix: 'none' },
  ])('gives each name the id that the proxy calls: %j', (place) => {
    expect(replaceClaudeNames(names, place)).toEqual(names.map((name) => ({ modelId: modelNames(place)(name) })));
  });

  it('keeps all other ids, and the details of a grant', () => {
    const grants = ['eu.anthropic.claude-sonnet-5', 'amazon.nova-lite-v1:0', { modelId: 'arn:x', madeFrom: ['a.b'] }];
    expect(replaceClaudeNames(grants, { region: 'eu-west-1' })).toEqual(grants);
    expect(replaceClaudeNames('every-model', { region: 'eu-west-1' })).toBe('every-model');
    const detailed = { modelId: 'claude-sonnet-5', destinationRegions: ['eu-west-1'] };
    expect(replaceClaudeNames([detailed], { region: 'eu-west-1' })).toEqual([
      { ...detailed, modelId: 'eu.anthropic.claude-sonnet-5' },
    ]);
  });

  it.each(['ap-northeast-1', 'Token[AWS.Region.4]'])('guesses no geography in %s', (region) => {
    expect(() => replaceClaudeNames(['claude-sonnet-5'], { region })).toThrow('set BEDROCK_INFERENCE_PREFIX');
  });
});
