/**
 * The maximum of minified bytes that each deployable bundle may load at import. If a budget must grow, state the reason
 * in the commit.
 */
export const bundleBudgets: Readonly<Record<string, number>> = {
  'packages/lambda-adapter/dist/lambda': 190_000,
  'packages/lambda-adapter/dist/web-function': 190_000,
  'packages/apigw-adapter/dist/lambda': 190_000,
  'packages/apigw-adapter/dist/lambda-stream': 190_000,
};
