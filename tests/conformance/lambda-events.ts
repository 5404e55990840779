/** A body that every Claude model accepts. */
export const body = JSON.stringify({
  modelId: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 9,
  messages: [{ role: 'user', content: 'Hello' }],
});

const headers = { 'content-type': 'application/json' };

/** The event of a POST to a Function URL. */
export function functionUrlEvent(members: object = {}) {
  const domainName = 'abcdefghijklmnop.lambda-url.us-east-1.on.aws';
  const requestContext = { domainName, stage: '$default', http: { method: 'POST', sourceIp: '192.0.2.1' } };
  return { version: '2.0', routeKey: '$default', rawPath: '/', headers, requestContext, body, ...members };
}

/** The event of a POST to an HTTP API, in payload format 2.0. */
export function httpApiEvent(rawPath: string, stage = '$default', members: object = {}) {
  const domainName = 'abcdefghij.execute-api.us-east-1.amazonaws.com';
  const requestContext = { domainName, stage, http: { method: 'POST', path: rawPath, sourceIp: '192.0.2.1' } };
  return { version: '2.0', routeKey: '$default', rawPath, headers, requestContext, body, ...members };
}

/** The event of a POST to a REST API. */
export function restApiEvent(members: object = {}) {
  return {
    resource: '/{proxy+}',
    path: '/chat',
    httpMethod: 'POST',
    headers,
    multiValueHeaders: { 'content-type': ['application/json'] },
    pathParameters: { proxy: 'chat' },
    requestContext: { stage: 'prod', resourcePath: '/{proxy+}', identity: { sourceIp: '192.0.2.1' } },
    body,
    isBase64Encoded: false,
    ...members,
  };
}
