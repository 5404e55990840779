/**
 * The deployable bundles, and the minified bytes that each may load when it is imported: the mark of 320 KB, held with what was won
 * since. Raise it on purpose, with the reason in the commit.
 */
export const bundleBudgets: Readonly<Record<string, number>> = {
  'packages/lambda-adapter/dist/lambda': 225_000,
  'packages/apigw-adapter/dist/lambda': 225_000,
  'packages/apigw-adapter/dist/lambda-stream': 225_000,
};
