import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bundleBudgets } from '../../scripts/bundles/bundle-budget.ts';

const root = new URL('../../', import.meta.url);
const codeOf = (bundle: string): string =>
  readdirSync(new URL(`${bundle}/`, root))
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => readFileSync(new URL(`${bundle}/${name}`, root), 'utf8'))
    .join('\n');

/** The patterns that match the code of a bundle. A failed assertion then does not print the code, which is one very long line. */
const found = (bundle: string, patterns: readonly RegExp[]) => {
  const code = codeOf(bundle);
  return patterns.filter((pattern) => pattern.test(code)).map(String);
};

describe.each(Object.keys(bundleBudgets))('the code of %s', (bundle) => {
  it('imports no Node module statically, because that loads everything that the module exports', () => {
    expect(found(bundle, [/(?:from|import)\s*["'](?:node:\w+|fs|http|https)["']/])).toEqual([]);
  });

  it('looks for credentials only in the environment and at the container endpoint', () => {
    const chain = [/sso_start_url/, /AWS_WEB_IDENTITY_TOKEN_FILE/, /credential_process/, /role_arn/];
    expect(found(bundle, [/AWS_ACCESS_KEY_ID/, /AWS_CONTAINER_CREDENTIALS_FULL_URI/])).toHaveLength(2);
    expect(found(bundle, chain)).toEqual([]);
  });

  it('contains no HTTP/2 and no worker threads', () => {
    expect(found(bundle, [/["'](?:node:)?http2["']/, /["'](?:node:)?worker_threads["']/])).toEqual([]);
  });
});
