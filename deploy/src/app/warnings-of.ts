import type { AppOptions, Front } from './app-options.ts';

/** The Regions without Function URLs, as AWS listed them in November 2026. */
const withoutFunctionUrls = new Set([
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
]);

const defaultGatewaySeconds = 29;

/** What works differently from what these options suggest, as sentences. */
export function warningsOf(front: Front, options: AppOptions, region?: string): readonly string[] {
  const { timeoutSeconds = 0 } = options;
  return [
    ...(front === 'function-url' && region !== undefined && withoutFunctionUrls.has(region)
      ? [`Lambda has no Function URLs in ${region}: deploy rest-api-stream, or choose another Region.`]
      : []),
    ...(front === 'rest-api' && timeoutSeconds > defaultGatewaySeconds
      ? [
          `API Gateway refuses a timeout of ${timeoutSeconds} s until AWS raises the quota "Maximum integration timeout" of your account above ${defaultGatewaySeconds} s: deploy rest-api-stream for long answers.`,
        ]
      : []),
    ...brakesOf(front, options),
  ];
}

function brakesOf(front: Front, { concurrency, maxEnvironments }: AppOptions): readonly string[] {
  if (front === 'web-function') {
    return maxEnvironments === undefined
      ? ['Nothing limits the cost but the quota of your account: --max-environments 2 allows two processes.']
      : [];
  }
  return concurrency === undefined
    ? ['Nothing limits the cost but the concurrency of your account: --concurrency 10 allows ten requests at once.']
    : [];
}
