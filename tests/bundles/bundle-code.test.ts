import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bundleBudgets } from '../../scripts/bundles/bundle-budget.ts';

const root = new URL('../../', import.meta.url);
const codeOf = (bundle: string): string =>
  readdirSync(new URL(`${bundle}/`, root))
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => readFileSync(new URL(`${bundle}/${name}`, root), 'utf8'))
    .join('\n');

/** What of `patterns` the code of a bundle holds; never the code itself, which is one endless line. */
const found = (bundle: string, patterns: readonly RegExp[]) => {
  const code = codeOf(bundle);
  return patterns.filter((pattern) => pattern.test(code)).map(String);
};

describe.each(Object.keys(bundleBudgets))('%s', (bundle) => {
  it("takes none of Node's modules by a static import, which would read all that they export", () => {
    expect(found(bundle, [/(?:from|import)\s*["'](?:node:\w+|fs|http|https)["']/])).toEqual([]);
  });

  it('searches for credentials in the environment and at the container endpoint alone', () => {
    const chain = [/sso_start_url/, /AWS_WEB_IDENTITY_TOKEN_FILE/, /credential_process/, /role_arn/];
    expect(found(bundle, [/AWS_ACCESS_KEY_ID/, /AWS_CONTAINER_CREDENTIALS_FULL_URI/])).toHaveLength(2);
    expect(found(bundle, chain)).toEqual([]);
  });

  it('holds no HTTP/2, and no worker threads', () => {
    expect(found(bundle, [/["'](?:node:)?http2["']/, /["'](?:node:)?worker_threads["']/])).toEqual([]);
  });
});
