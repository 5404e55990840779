import { describe, expect, it } from 'vitest';
import { ConfigurationError, type Environment } from './environment.js';
import { readTokenAccess } from './read-token-access.js';

const records = (...entries: readonly object[]) => JSON.stringify(entries);

function read(environment: Environment) {
  const warnings: unknown[] = [];
  const none = () => {};
  const warn = (fields: object, message?: string) => void warnings.push({ ...fields, message });
  return { policies: readTokenAccess(environment, { info: none, warn, error: none }), warnings };
}

describe('readTokenAccess', () => {
  it('gives no policy without a variable', () => {
    expect(read({})).toEqual({ policies: [], warnings: [] });
  });

  it('gives one policy for each variable, the one of AUTH_TOKEN first', async () => {
    const AUTH_TOKENS = records({ id: 'a', token: 'a-token-of-team-a' });
    const { policies, warnings } = read({ AUTH_TOKEN: ' a-token-of-16-or-more\n', AUTH_TOKENS });
    const principals = await Promise.all(
      ['a-token-of-16-or-more', 'a-token-of-team-a'].map(async (token, index) => {
        const decision = await policies[index]?.({ requestId: '1', token });
        return decision?.allow && decision.principal;
      }),
    );
    expect(principals).toEqual(['default', 'a']);
    expect(policies).toHaveLength(2);
    expect(warnings).toEqual([]);
  });

  it('gives a policy that admits no other token, and none at all', async () => {
    const [policy] = read({ AUTH_TOKEN: 'a-token-of-16-or-more' }).policies;
    expect(await policy?.({ requestId: '1', token: 'a-token-of-16-or-mor' })).toMatchObject({ code: 'invalid_token' });
    expect(await policy?.({ requestId: '1' })).toMatchObject({ allow: false, code: 'missing_token' });
  });

  it.each([
    ['AUTH_TOKEN', { AUTH_TOKEN: 'canary7' }, 'at least 8 characters'],
    ['AUTH_TOKEN', { AUTH_TOKEN: ' ' }, 'at least 8 characters'],
    ['AUTH_TOKEN', { AUTH_TOKEN: 'canary with spaces' }, 'printable ASCII characters'],
    ['AUTH_TOKEN', { AUTH_TOKEN: 'canary,with,commas' }, 'printable ASCII characters'],
    ['AUTH_TOKEN', { AUTH_TOKEN: 'canary-mit-Ümlaut' }, 'printable ASCII characters'],
    ['AUTH_TOKENS', { AUTH_TOKENS: '[]' }, 'has no records'],
    ['AUTH_TOKENS', { AUTH_TOKENS: 'canary' }, ''],
    ['AUTH_TOKENS', { AUTH_TOKENS: records({ id: 'a', token: 'canary7' }) }, ''],
  ])('refuses a wrong %s without its value: %j', (variable, environment, problem) => {
    let error: unknown;
    try {
      read(environment);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ConfigurationError);
    const { message } = error as ConfigurationError;
    expect(message).toContain(variable);
    expect(message).toContain(problem);
    expect(message).not.toContain('canary');
  });

  it.each([
    ['AUTH_TOKEN', { AUTH_TOKEN: 'of-15-character' }],
    [
      'AUTH_TOKENS',
      { AUTH_TOKENS: records({ id: 'a', token: 'a-token-of-16-or-more' }, { id: 'b', token: 'of-15-character' }) },
    ],
  ])('warns once of a weak token in %s, and does not show it', (variable, environment) => {
    const { warnings } = read(environment);
    expect(warnings).toEqual([
      {
        event: 'auth.weak',
        variable,
        message: `A token in ${variable} has fewer than 16 characters. Use a longer token.`,
      },
    ]);
  });

  it('does not warn of 16 characters, nor of a hash', () => {
    const AUTH_TOKENS = records({ id: 'a', sha256: '0'.repeat(64) });
    expect(read({ AUTH_TOKEN: 'of-16-characters', AUTH_TOKENS }).warnings).toEqual([]);
  });
});
