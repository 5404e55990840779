import { describe, expect, it } from 'vitest';
import { parseAliases } from './parse-aliases.js';
import { resolveAlias } from './resolve-alias.js';

const id = 'us.anthropic.claude-sonnet-5';
const arn = `arn:aws:bedrock:us-east-1:111122223333:inference-profile/${id}`;

describe('aliases', () => {
  it('are read with all that they may have', () => {
    const sonnet = {
      targets: [
        {
          model: id,
          options: {
            guardrail: { id: 'abc123', version: '1', streamMode: 'async' },
            performanceLatency: 'optimized',
            serviceTier: 'flex',
            requestMetadata: { team: 'a' },
          },
        },
      ],
      defaults: { max_tokens: 4_096 },
      anthropicVersion: '2026-10-21',
      openai: { drop: ['seed'], maxTokens: 10, reasoning: 'budget', embedding: 'b', additionalModelRequestFields: {} },
    };
    expect(parseAliases({ fast: id, sonnet })).toEqual({ fast: { targets: [{ model: id }] }, sonnet });
    expect(parseAliases({})).toEqual({});
  });

  it('may have several targets, each with a place, a share and settings of its own', () => {
    const guardrail = { id: 'g', version: '1', streamMode: 'async' };
    const options = { guardrail, performanceLatency: 'optimized', serviceTier: 'flex', requestMetadata: { team: 'a' } };
    const elsewhere = { region: 'eu-west-1', roleArn: 'arn:aws:iam::111122223333:role/a/b', externalId: 'x' };
    const priced = { pricedAs: 'anthropic.claude-sonnet-5', priceFactor: 0.5 };
    const sonnet = {
      targets: [
        { model: id, weight: 3 },
        { model: arn, ...elsewhere, weight: 0.5, options, ...priced },
      ],
      spread: 'caller',
      firstEventTimeoutMs: 10_000,
    };
    expect(parseAliases({ sonnet })).toEqual({ sonnet });
    const eight = { targets: Array.from({ length: 8 }, () => ({ model: id })) };
    expect(parseAliases({ eight })).toEqual({ eight });
  });

  it.each([
    ['us.anthropic.a', 'global.anthropic.b', 'anthropic.c'],
    ['moonshot.a', 'moonshotai.b'],
    ['new-maker.a', 'us.new-maker.b'],
    ['imported', 'another'],
    ['anthropic.a', arn.replace('anthropic', 'meta')],
  ])('may have targets of one maker, and ARNs: %s', (...models) => {
    expect(() => parseAliases({ a: { targets: models.map((model) => ({ model })) } })).not.toThrow();
  });

  it.each(['a', 'A-1_b.c', 'claude-sonnet-5', 'x'.repeat(64), 'my.model', 'usa.model'])('may be named %s', (name) => {
    expect(Object.keys(parseAliases({ [name]: id }))).toEqual([name]);
  });

  it.each(['', '-a', '.a', 'a b', 'a/b', 'a:b', 'x'.repeat(65), '__proto__x', 'é', 'a\n'])(
    'may not be named %j',
    (name) => {
      expect(() => parseAliases({ [name]: id })).toThrow('The name of an alias must be 1 to 64 letters');
    },
  );

  it.each(['anthropic.claude-sonnet-5', 'us.sonnet', 'us-gov.a', 'global.x', 'moonshotai.kimi'])(
    'may not look like the id of a model: %s',
    (name) => {
      expect(() => parseAliases({ [name]: id })).toThrow(`The alias ${name}: its name must not begin with a maker`);
    },
  );

  it.each([
    [[], 'Aliases must be an object'],
    [null, 'Aliases must be an object'],
    [{ a: 1 }, 'The alias a: must be an object.'],
    [{ a: '' }, 'The alias a: targets[0].model must be a text.'],
    [{ a: {} }, 'The alias a: must have targets.'],
    [{ a: { targets: [] } }, 'The alias a: targets must hold 1 to 8 targets.'],
    [{ a: { targets: Array.from({ length: 9 }, () => ({ model: id })) } }, 'targets must hold 1 to 8 targets'],
    [{ a: { targets: [{ model: id }, { model: 'meta.llama' }] } }, 'its targets must be models of one maker'],
    [{ a: { targets: [{ model: 'maker.a' }, { model: 'eu.other.a' }] } }, 'its targets must be models of one maker'],
    [{ a: { targets: [{ model: id, weight: 1 }, { model: id }] } }, 'weight must be on all targets or on none.'],
    [{ a: { targets: [{ model: id, weight: 0 }] } }, 'targets[0].weight must be a positive number.'],
    [{ a: { targets: [{ model: id }, { model: id, region: 'mars' }] } }, 'targets[1].region must be a Region'],
    [{ a: { targets: [{ model: id, roleArn: 'arn:aws:iam::1:user/a' }] } }, 'roleArn must be the ARN of an IAM role.'],
    [{ a: { targets: [{ model: id, externalId: 'x' }] } }, 'targets[0].externalId needs roleArn.'],
    [{ a: { targets: [{ model: id, options: { tier: 'x' } }] } }, 'targets[0].options has a member that is none of'],
    [{ a: { targets: [{ model: id, options: { serviceTier: 'x' } }] } }, 'options.serviceTier must be one of default,'],
    [
      { a: { targets: [{ model: id, options: { requestMetadata: { a: 1 } } }] } },
      'requestMetadata must be 1 to 16 texts',
    ],
    [{ a: { targets: [{ model: id, options: { guardrail: { id: 'g' } } }] } }, 'options.guardrail must have version.'],
    [{ a: { targets: [{ model: id }], spread: 'even' } }, 'spread must be one of random, caller.'],
    [{ a: { targets: [{ model: id }], firstEventTimeoutMs: 0.5 } }, 'firstEventTimeoutMs must be a positive whole'],
    [{ a: { targets: [id] } }, 'The alias a: targets[0] must be an object.'],
    [{ a: { targets: [{}] } }, 'The alias a: targets[0] must have model.'],
    [{ a: { targets: [{ model: id, place: 'x' }] } }, 'targets[0] has a member that is none of model, region,'],
    [{ a: { targets: [{ model: id }], weight: 1 } }, 'The alias a: has a member that is none of targets, spread,'],
    [{ a: { targets: [{ model: id, options: { tier: 'flex' } }] } }, 'targets[0].options has a member that is none of'],
    [{ a: { targets: [{ model: id, options: { serviceTier: 'free' } }] } }, 'options.serviceTier must be one of'],
    [{ a: { targets: [{ model: id, options: { performanceLatency: 1 } }] } }, 'performanceLatency must be one of'],
    [{ a: { targets: [{ model: id, options: { requestMetadata: { a: '|' } } }] } }, 'requestMetadata must be 1 to 16'],
    [
      { a: { targets: [{ model: id, options: { guardrail: { id: 'g', version: '1', trace: 'ENABLED' } } }] } },
      'options.guardrail has a member that is none of id, version, streamMode.',
    ],
    [{ a: { targets: [{ model: id, options: [] }] } }, 'targets[0].options must be an object.'],
    [{ a: { targets: [{ model: id }], defaults: { stream: true } } }, 'defaults must be an object without modelId,'],
    [{ a: { targets: [{ model: id }], defaults: [] } }, 'defaults must be an object'],
    [{ a: { targets: [{ model: id }], anthropicVersion: 1 } }, 'anthropicVersion must be a text.'],
    [
      { a: { targets: [{ model: id }], openai: { maxTokens: 0 } } },
      'openai.maxTokens must be a positive whole number.',
    ],
    [{ a: { targets: [{ model: id }], openai: { drop: [1] } } }, 'openai.drop must be an array of texts.'],
    [{ a: 'b', b: id }, 'The alias a: its target must be a model and not an alias.'],
    [{ a: 'a' }, 'The alias a: its target must be a model and not an alias.'],
  ])('are refused where they could not be meant: %j', (value, sentence) => {
    expect(() => parseAliases(value)).toThrow(TypeError);
    expect(() => parseAliases(value)).toThrow(sentence);
  });
});

describe('resolveAlias', () => {
  it('finds an alias by its exact name', () => {
    const aliases = { fast: id, slow: { targets: [{ model: 'a.b' }], defaults: {} } };
    expect(resolveAlias(aliases, 'fast')).toEqual({ targets: [{ model: id }] });
    expect(resolveAlias(aliases, 'slow')).toBe(aliases.slow);
    for (const name of ['Fast', 'fas', 'constructor', '__proto__', '']) {
      expect(resolveAlias(aliases, name)).toBeUndefined();
    }
  });
});
