import { describe, expect, it } from 'vitest';
import { limitRulesFault, modelsOf, parseLimitRules } from './limit-rule.js';

describe('parseLimitRules', () => {
  it.each([
    [{ requestsPerMinute: 1 }],
    [{ tokensPerMinute: 1, concurrent: 1, tokensPerDay: 1, tokensPerMonth: 1 }],
    [{ usdPerDay: 0.000001, usdPerMonth: 9_000_000 }],
    [{ models: ['*haiku*', 'amazon.*'], usdPerDay: 0.5 }],
    [{ models: undefined, usdPerDay: 1, shards: undefined }],
    [{ requestsPerMinute: 25_600, tokensPerMinute: 25_600, concurrent: 2_560, shards: 256 }],
    [{ tokensPerDay: 5, shards: 10 }],
  ])('takes one rule: %j', (rule) => {
    expect(parseLimitRules(rule)).toEqual([rule]);
  });

  it('takes an array of rules, for different models', () => {
    const rules = [{ concurrent: 2 }, { models: ['a.*'], concurrent: 1 }, { models: ['a.*', 'b.*'], concurrent: 1 }];
    expect(parseLimitRules(rules)).toBe(rules);
    expect(parseLimitRules([])).toEqual([]);
  });

  it.each([
    [null, 'must be an object.'],
    [5, 'must be an object.'],
    [[[]], '[0] must be an object.'],
    [
      {},
      'must have at least one of requestsPerMinute, tokensPerMinute, concurrent, tokensPerDay, tokensPerMonth, usdPerDay, usdPerMonth.',
    ],
    [{ models: ['*'] }, 'must have at least one of'],
    [{ concurrent: undefined }, 'must have at least one of'],
    [{ requestPerMinute: 5, concurrent: 1 }, 'has an unknown member; allowed are models, requestsPerMinute,'],
    [{ requestsPerMinute: 0 }, '.requestsPerMinute must be a whole number of at least 1.'],
    [{ requestsPerMinute: 1.5 }, '.requestsPerMinute must be a whole number of at least 1.'],
    [{ tokensPerDay: '5' }, '.tokensPerDay must be a whole number of at least 1.'],
    [{ tokensPerDay: 2 ** 53 }, '.tokensPerDay must be a whole number of at least 1.'],
    [{ usdPerDay: 0 }, '.usdPerDay must be an amount of dollars from 0.000001 to 9000000.'],
    [{ usdPerMonth: 9_000_001 }, '.usdPerMonth must be an amount of dollars'],
    [{ usdPerMonth: Number.NaN }, '.usdPerMonth must be an amount of dollars'],
    [{ usdPerMonth: '5' }, '.usdPerMonth must be an amount of dollars'],
    [{ models: [], concurrent: 1 }, '.models must be an array of globs of model ids, with at least one.'],
    [{ models: 'a', concurrent: 1 }, '.models must be an array of globs'],
    [{ models: ['a', 5], concurrent: 1 }, '.models must be an array of globs'],
    [{ models: [''], concurrent: 1 }, '.models must be an array of globs'],
    [{ models: ['@fast'], concurrent: 1 }, '.models must be an array of globs'],
    [{ concurrent: 10, shards: 0 }, '.shards must be a whole number from 1 to 256.'],
    [{ tokensPerDay: 10_000, shards: 257 }, '.shards must be a whole number from 1 to 256.'],
    [{ tokensPerDay: 10_000, shards: 1.5 }, '.shards must be a whole number from 1 to 256.'],
    [{ requestsPerMinute: 199, shards: 2 }, '.shards must leave each shard at least 100 of requestsPerMinute.'],
    [{ tokensPerMinute: 199, shards: 2 }, '.shards must leave each shard at least 100 of tokensPerMinute.'],
    [{ concurrent: 19, shards: 2 }, '.shards must leave each shard at least 10 of concurrent.'],
    [[{ concurrent: 1 }, { usdPerDay: 1 }], '[1] is for the same models as the rule before it: join the two.'],
    [
      [
        { models: ['a', 'b'], concurrent: 1 },
        { models: ['b', 'a', 'a'], usdPerDay: 1 },
      ],
      '[1] is for the same models',
    ],
    [[{ concurrent: 1 }, { models: ['*'], usdPerDay: 1 }], '[1] is for the same models'],
    [[{ concurrent: 1 }, { models: ['a'], usdPerDay: -1 }], '[1].usdPerDay must be an amount'],
  ])('refuses %j and names the place', (value, message) => {
    const expected = `everyone${message.replace(/^(?=[^.[])/, ' ')}`;
    let thrown: unknown;
    try {
      parseLimitRules(value, 'everyone');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TypeError);
    expect(String((thrown as Error).message).slice(0, expected.length)).toBe(expected);
  });

  it('names no place if the value has no name', () => {
    expect(() => parseLimitRules({})).toThrow(/^must have at least one of/);
    expect(limitRulesFault({ concurrent: 1 })).toBeUndefined();
  });
});

describe('modelsOf', () => {
  it.each([
    [undefined, '*'],
    [['a', '*'], '*'],
    [['b*', 'a,c', 'b*'], 'a%2Cc,b*'],
    [['a|b', 'ä'], 'a%7Cb,%C3%A4'],
    [['\ud800'], '%EF%BF%BD'],
  ])('writes the models %j as %s', (models, text) => {
    expect(modelsOf({ ...(models && { models }), concurrent: 1 })).toBe(text);
  });
});
