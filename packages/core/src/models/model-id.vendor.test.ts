import fc from 'fast-check';
import { expect, it } from 'vitest';
import { modelVendor } from './model-id.js';

it.each([
  ['anthropic.claude-v2', 'anthropic'],
  ['us.deepseek.r1-v1:0', 'deepseek'],
  ['global.anthropic.claude-haiku-4-5-20251001-v1:0', 'anthropic'],
  ['us-gov.meta.llama3-70b-instruct-v1:0', 'meta'],
  ['zai.glm-4.7', 'zai'],
  ['moonshotai.kimi-k2.5', 'moonshot'],
  ['us.xai.grok-4', 'xai'],
  ['arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-text-lite-v1', 'amazon'],
  ['arn:aws:bedrock:us-east-1:111122223333:inference-profile/eu.mistral.pixtral-large-2502-v1:0', 'mistral'],
  ['arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.titan-text-lite-v1/abcdefghijkl', 'amazon'],
  ['arn:aws:bedrock:us-east-1:111122223333:default-prompt-router/anthropic.claude:1', 'anthropic'],
  ['arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1babba1b11x', 'other'],
  ['arn:aws:sagemaker:us-east-1:111122223333:endpoint/openai-like', 'other'],
  ['acme.frobnicator', 'other'],
  ['anthropicish.model', 'other'],
  ['eu.acme.anthropic', 'other'],
  ['', 'other'],
  [undefined, 'none'],
])('modelVendor of %s is %s', (modelId, vendor) => {
  expect(modelVendor(modelId)).toBe(vendor);
});

it('modelVendor returns a short plain word for any id', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('', 'arn:aws:bedrock:/', 'us.'), (id, prefix) => {
      for (const modelId of [prefix + id, prefix + id.repeat(100)]) {
        expect(modelVendor(modelId)).toMatch(/^[a-z0-9]{3,10}$/);
      }
    }),
  );
});
