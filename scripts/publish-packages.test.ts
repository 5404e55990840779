import { expect, it } from 'vitest';
import { pricesOf } from '../packages/core/src/limits/built-in-prices.ts';
import { assertRecentPrices, publishPackages } from './publish-packages.mjs';

it('publishes nothing under a tag that is not the packages’ version', async () => {
  await expect(publishPackages({ tag: 'v999.0.0', dryRun: true })).rejects.toThrow(
    /^the tag is v999\.0\.0, and @bedrock-proxy\/core is \d+\.\d+\.\d+: run npm run changeset -- version, then tag that commit$/,
  );
});

it('publishes only with prices of models that are of the last 120 days', () => {
  const day = 86_400_000;
  const [year = 0, month = 0, date = 0] = pricesOf.split('-').map(Number);
  const of = Date.UTC(year, month - 1, date);
  expect(() => assertRecentPrices(of + 120 * day)).not.toThrow();
  expect(() => assertRecentPrices(of + 120 * day + 1)).toThrow(
    `the built-in prices are of ${pricesOf}, over 120 days ago: update @pydantic/genai-prices, then run npm run prices`,
  );
});
