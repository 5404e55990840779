import { expect, it } from 'vitest';
import { ConfigurationError } from './environment.js';
import { readAliases } from './read-aliases.js';

it('reads MODEL_ALIASES', () => {
  const MODEL_ALIASES = '{"fast":"eu.anthropic.claude-haiku-4-5-20251001-v1:0"}';
  expect(readAliases({ MODEL_ALIASES })).toEqual({
    fast: { targets: [{ model: 'eu.anthropic.claude-haiku-4-5-20251001-v1:0' }] },
  });
  expect(readAliases({})).toBeUndefined();
  expect(readAliases({ MODEL_ALIASES: '' })).toBeUndefined();
});

it.each(['canary', '{"a":', '["canary"]', '{"a":{"targets":[{"model":"canary","x":1}]}}', '{"a":{"canary":1}}'])(
  'refuses to start, and names the variable and never its value: %s',
  (value) => {
    const read = () => readAliases({ MODEL_ALIASES: value });
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(/^MODEL_ALIASES (?!.*canary)/);
  },
);
