// A minimal replacement of the Lambda runtime. It is small and plain JavaScript, because it is part of the measured
// import time.
/** @typedef {import('./contenders.ts').Contender} Contender */

/** The environment variables of every contender. */
export const environment = (/** @type {number} */ port) => ({
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLEEXAMPLE00',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIexamplekey',
  AWS_SESSION_TOKEN: 'session',
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: `http://127.0.0.1:${port}`,
  AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AUTH_TOKEN: 'bench-token-of-32-characters-000',
  NODE_ENV: 'production',
  PATH: process.env.PATH ?? '',
});

/** @type {import('./lambda-runtime.ts').LambdaRuntime} */
const awslambda = { streamifyResponse: (handler) => handler, HttpResponseStream: { from: (stream) => stream } };
Object.assign(globalThis, { awslambda });

/** @param {Contender} contender */
export async function load({ folder }) {
  return (await import(`${folder}/index.mjs`)).handler;
}

/**
 * Invokes a handler with a request for a streamed answer. The answer is written to `stream`.
 *
 * @param {Contender} contender
 * @param {any} handler
 * @param {string} shape pace and number of pieces, such as `burst-1000`
 * @param {import('node:stream').Writable} stream
 */
export async function invoke({ event, streams, dialect }, handler, shape, stream) {
  const modelId = `anthropic.claude-${shape}`;
  const body = JSON.stringify({
    ...((dialect === 'anthropic' || dialect === 'openai') && { model: modelId, stream: true }),
    ...(dialect === undefined && { modelId, stream: true }),
    ...(dialect === 'openai'
      ? { stream_options: { include_usage: true } }
      : { anthropic_version: 'bedrock-2023-05-31' }),
    max_tokens: 500,
    messages: [{ role: 'user', content: 'What is the weather in Lisbon today, and what should I wear? '.repeat(20) }],
  });
  const context = { awsRequestId: crypto.randomUUID(), getRemainingTimeInMillis: () => 300_000 };
  const paths = {
    anthropic: '/v1/messages',
    bedrock: `/model/${modelId}/invoke-with-response-stream`,
    openai: '/v1/chat/completions',
  };
  const sent = { ...events[event](body), ...(dialect && { rawPath: paths[dialect] }) };
  if (streams) return await handler(sent, stream, context);
  const { body: answer } = await handler(sent, context);
  stream.end(answer);
}

const headers = {
  authorization: 'Bearer bench-token-of-32-characters-000',
  'content-type': 'application/json',
  host: 'abc.lambda-url.us-east-1.on.aws',
  'user-agent': 'bench',
};

const functionUrlEvent = (/** @type {string} */ body) => ({
  ...{ version: '2.0', rawPath: '/', rawQueryString: '', headers, body, isBase64Encoded: false },
  requestContext: {
    ...{ domainName: headers.host, stage: '$default', requestId: 'r' },
    http: { method: 'POST', path: '/', sourceIp: '127.0.0.1' },
  },
});

const events = {
  'function-url': functionUrlEvent,
  /** @param {string} body */
  rest: (body) => ({
    ...{ resource: '/{proxy+}', path: '/chat', httpMethod: 'POST', headers, body, isBase64Encoded: false },
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    pathParameters: { proxy: 'chat' },
    requestContext: { stage: 'prod', requestId: 'r', identity: { sourceIp: '127.0.0.1' } },
  }),
};
