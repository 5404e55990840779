import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelGlobs } from './model-globs.js';

const claude = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const bedrock = 'arn:aws:bedrock:eu-west-1';

describe('modelGlobs', () => {
  it.each([
    [['*'], claude, true],
    [['anthropic.*'], claude, true],
    [['anthropic.*'], `us.${claude}`, false],
    [['anthropic'], claude, false],
    [['claude'], claude, false],
    [['*claude*'], claude, true],
    [['*-v1:?'], claude, true],
    [['*-v1:??'], claude, false],
    [['Anthropic.*'], claude, false],
    [['amazon.*', 'anthropic.*'], claude, true],
    [[], claude, false],
    [[''], claude, false],
    [['a.c'], 'abc', false],
    [['[ab]*', '!x', '{a,b}', '+(a)', 'a|b', '^a$', '\\a'], 'a', false],
    [['!x'], '!x', true],
    [['?'], '😀', true],
    [['??'], '😀', false],
    [['a*b*c'], 'a1b2b3c', true],
    [['a*b*c'], 'a1b2b3cd', false],
    [['**a**'], 'a', true],
    [['*a'], 'aab', false],
    // ARNs match as sent, and by their last segment if it is a model name.
    [['anthropic.*'], `${bedrock}::foundation-model/${claude}`, true],
    [['eu.anthropic.*'], `${bedrock}:111122223333:inference-profile/eu.${claude}`, true],
    [['anthropic.*'], `${bedrock}:111122223333:inference-profile/eu.${claude}`, false],
    [['anthropic.*'], `arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/${claude}`, true],
    // A name is one segment. The last of two segments is no name.
    [['anthropic.*'], `${bedrock}::foundation-model/other/${claude}`, false],
    [['other*'], `${bedrock}::foundation-model/other/${claude}`, false],
    [['other/*'], `${bedrock}::foundation-model/other/${claude}`, false],
    [['eu.anthropic.*'], `${bedrock}:111122223333:inference-profile/meta.x/eu.${claude}`, false],
    [['anthropic.*'], `${bedrock}::foundation-model//${claude}`, false],
    [['anthropic.*'], `${bedrock}::foundation-model/${claude}/`, false],
    [['anthropic.*'], `${bedrock}::foundation-model/a:foundation-model/${claude}`, false],
    [['anthropic.*'], `${bedrock}::application-inference-profile/inference-profile/${claude}`, false],
    [['arn:*:foundation-model/*'], `${bedrock}::foundation-model/other/${claude}`, true],
    [['arn:*:bedrock:eu-*:foundation-model/*'], `${bedrock}::foundation-model/${claude}`, true],
    [['abc*'], `${bedrock}:111122223333:application-inference-profile/abc123`, false],
    [['abc*'], `${bedrock}:111122223333:provisioned-model/abc123`, false],
    [['abc*'], `${bedrock}:111122223333:imported-model/abc123`, false],
    [['abc*'], 'arn:aws:sagemaker:eu-west-1:111122223333:foundation-model/abc', false],
    [['abc*'], 'x-arn:aws:bedrock:eu-west-1::foundation-model/abc', false],
    [['arn:*/abc123'], `${bedrock}:111122223333:provisioned-model/abc123`, true],
  ])('checks whether %j match %s: %j', (patterns, modelId, isMatch) => {
    expect(modelGlobs(patterns)(modelId)).toBe(isMatch);
  });

  it('agrees with a naive matcher', () => {
    const alphabet = fc.constantFrom('a', 'b', '.', '/', '😀');
    const glob = fc.array(fc.oneof(alphabet, fc.constantFrom('*', '?')), { maxLength: 8 });
    fc.assert(
      fc.property(glob, fc.array(alphabet, { maxLength: 10 }), (pattern, name) => {
        expect(modelGlobs([pattern.join('')])(name.join(''))).toBe(naive(pattern, name));
      }),
      { numRuns: 3_000 },
    );
  });

  it('matches a long id against a costly pattern within 500 ms', () => {
    const permits = modelGlobs([`${'*a'.repeat(200)}b`, `${'*a?'.repeat(100)}b`]);
    const startedAt = performance.now();
    expect(permits('a'.repeat(2_048))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

function naive([first, ...pattern]: readonly string[], name: readonly string[]): boolean {
  if (first === undefined) return name.length === 0;
  if (first === '*') return name.some((_, at) => naive(pattern, name.slice(at))) || naive(pattern, []);
  const [next, ...rest] = name;
  return next !== undefined && (first === '?' || first === next) && naive(pattern, rest);
}
