import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Environment } from './environment.js';
import { variableDefaults } from './variable-defaults.js';
import { warnOfSimilarNames } from './warn-of-similar-names.js';

function warnings(environment: Environment): readonly (readonly [fields: object, message: string])[] {
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  warnOfSimilarNames(environment, logger);
  return logger.warn.mock.calls as [object, string][];
}

function edited(
  text: string,
  edit: { readonly kind: string; readonly at: number; readonly character: string },
): string {
  const index = edit.at % text.length;
  const [before, after] = [text.slice(0, index), text.slice(index + 1)];
  const here = text.charAt(index);
  switch (edit.kind) {
    case 'insert':
      return before + edit.character + here + after;
    case 'remove':
      return before + after;
    case 'replace':
      return before + edit.character + after;
    case 'swap':
      return before + after.slice(0, 1) + here + after.slice(1);
    default:
      return text;
  }
}

describe('warnOfSimilarNames', () => {
  it.each([
    ['AUTH_TOKEM', 'AUTH_TOKEN'],
    ['AUTH_TOKNE', 'AUTH_TOKEN'],
    ['AUTHTOKEN', 'AUTH_TOKEN'],
    ['AUTH_TOKEN_', 'AUTH_TOKEN'],
    ['AUTH-TOKEN', 'AUTH_TOKEN'],
    ['auth_token', 'AUTH_TOKEN'],
    ['AUTH_TOKEN ', 'AUTH_TOKEN'],
    ['REQUIRED_AUTH', 'REQUIRE_AUTH'],
    ['ALLOWED_IP', 'ALLOWED_IPS'],
    ['ALLOW_IPS', 'ALLOWED_IPS'],
    ['JWT_ISUER', 'JWT_ISSUER'],
    ['JWT_AUDIENCES', 'JWT_AUDIENCE'],
    ['CORS_ALLOWED_ORIGIN', 'CORS_ALLOWED_ORIGINS'],
    ['MAX_BODY_BYTE', 'MAX_BODY_BYTES'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['LIMIT', 'LIMITS'],
  ])('warns of %s, which is close to %s, and never states its value', (variable, similar) => {
    const [warning, ...others] = warnings({ [variable]: 'canary' });
    expect(others).toEqual([]);
    expect(warning).toEqual([
      { event: 'config.unknown', variable, similar },
      `${variable} is set, but no such variable is known. Rename it if ${similar} is meant.`,
    ]);
  });

  it('warns of every known name, but HOST and PORT, after an edit in its first half and one in its second half', () => {
    const known = Object.keys(variableDefaults).filter((name) => name !== 'HOST' && name !== 'PORT');
    const edit = fc.record({
      kind: fc.constantFrom('keep', 'insert', 'remove', 'replace', 'swap'),
      at: fc.nat({ max: 100 }),
      character: fc.constantFrom('X', '7', '_'),
    });
    fc.assert(
      fc.property(fc.constantFrom(...known), edit, edit, (name, first, second) => {
        const half = Math.ceil(name.length / 2);
        const changed = edited(name.slice(0, half), first) + edited(name.slice(half), second);
        expect(warnings({ [changed]: 'x' })).toHaveLength(known.includes(changed) ? 0 : 1);
      }),
    );
  });

  it('warns also if the variable that is meant is set', () => {
    expect(warnings({ AUTH_TOKEN: 'a-token', AUTH_TOKEN_2: 'another' })).toHaveLength(1);
  });

  it('does not warn of any known name', () => {
    expect(warnings(Object.fromEntries(Object.keys(variableDefaults).map((name) => [name, 'x'])))).toEqual([]);
  });

  it.each(['AUTH_TOKEM', 'ALLOWED_IP'])('does not warn of a variable that is empty: %s', (name) => {
    expect(warnings({ [name]: '' })).toEqual([]);
  });

  it('does not warn of the variables of Lambda, of the SDK, and of other programs', () => {
    const names = [
      ...['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_LAMBDA_LOG_LEVEL', 'AWS_LAMBDA_LOG_FORMAT'],
      ...[
        'AWS_ENDPOINT_URL_BEDROCK_RUNTIME',
        'AWS_BEARER_TOKEN_BEDROCK',
        'AWS_MAX_ATTEMPTS',
        '_HANDLER',
        '_X_AMZN_TRACE_ID',
      ],
      ...['LAMBDA_TASK_ROOT', 'NODE_OPTIONS', 'NODE_PATH', 'PATH', 'LANG', 'TZ', 'HOME', 'PORT', 'PWD', 'NPM_TOKEN'],
      ...[
        'GITHUB_TOKEN',
        'SESSION_TOKEN',
        'JWT_SECRET',
        'AUTH_SECRET',
        'LOG_FORMAT',
        'MAX_BODY_SIZE',
        'TOKEN',
        'AUTH',
        '',
      ],
    ];
    expect(warnings(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([]);
  });
});
