import { fileURLToPath } from 'node:url';
import { type LambdaSandbox, startLambdaSandbox } from '@bedrock-proxy/testing/lambda';

/** The fronts of Lambda functions: two that stream, two that buffer. */
export const frontNames = ['function-url', 'rest-stream', 'rest', 'http'] as const;
export type FrontName = (typeof frontNames)[number];

/** The fronts of the matrix. A Web Function streams, and serves its requests itself. */
export const matrixFronts = [...frontNames, 'web-function'] as const;
export type MatrixFront = (typeof matrixFronts)[number];

/** A started front, for events as Lambda sends them. */
export type FrontProcess = Pick<LambdaSandbox, 'invoke' | 'log' | 'coldStarts' | 'close'>;

const folders: Readonly<Record<FrontName, string>> = {
  'function-url': 'lambda-adapter/dist/lambda',
  'rest-stream': 'apigw-adapter/dist/lambda-stream',
  rest: 'apigw-adapter/dist/lambda',
  http: 'apigw-adapter/dist/lambda',
};

export const isStreaming = (front: MatrixFront): boolean => front !== 'rest' && front !== 'http';

/** Short limits. Each has another value, so that a test can tell which limit applied. */
export const shortLimits = {
  HEAD_WAIT_MS: '200',
  HEARTBEAT_MS: '120',
  FIRST_EVENT_TIMEOUT_MS: '600',
  IDLE_TIMEOUT_MS: '400',
  DEADLINE_MARGIN_MS: '100',
  BEDROCK_MAX_ATTEMPTS: '1',
} as const;

/**
 * Starts a deployed bundle with Lambda's real runtime client, and with Bedrock at `endpoint`. UNCONFIRMED: Lambda's managed runtimes
 * have the same major version of that client.
 */
export function startFront(
  front: FrontName,
  endpoint: string,
  env: Readonly<Record<string, string>> = {},
): Promise<LambdaSandbox> {
  return startLambdaSandbox({
    bundle: fileURLToPath(new URL(`../../packages/${folders[front]}`, import.meta.url)),
    resolveFrom: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...shortLimits, ...env, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: endpoint },
  });
}

/** The event that the gateway of a front creates from a request. */
export function eventOf(front: MatrixFront, modelId: string, stream = true): object {
  const body = JSON.stringify({
    modelId,
    stream,
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hello' }],
  });
  const headers = { 'content-type': 'application/json' };
  if (front === 'rest' || front === 'rest-stream') {
    return {
      resource: '/{proxy+}',
      path: '/chat',
      httpMethod: 'POST',
      headers,
      multiValueHeaders: { 'content-type': ['application/json'] },
      pathParameters: { proxy: 'chat' },
      requestContext: { stage: 'prod', identity: { sourceIp: '127.0.0.1' } },
      body,
      isBase64Encoded: false,
    };
  }
  const domainName = front === 'http' ? 'abc.execute-api.us-east-1.amazonaws.com' : 'abc.lambda-url.us-east-1.on.aws';
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    headers,
    requestContext: { domainName, stage: '$default', http: { method: 'POST', sourceIp: '127.0.0.1' } },
    body,
    isBase64Encoded: false,
  };
}
