import { once } from 'node:events';
import '@portkey-ai/gateway/build/start-server.js';
import type { Handler } from '../src/lambda-runtime.ts';
import { gateway } from './portkey-server.ts';

const {
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: host = '',
  AWS_ACCESS_KEY_ID: id = '',
  AWS_REGION: region = '',
} = process.env;
const { AWS_SECRET_ACCESS_KEY: secret = '', AWS_SESSION_TOKEN: session = '' } = process.env;
const settings = {
  'content-type': 'application/json',
  'x-portkey-provider': 'bedrock',
  'x-portkey-custom-host': host,
  'x-portkey-aws-region': region,
  'x-portkey-aws-access-key-id': id,
  'x-portkey-aws-secret-access-key': secret,
  'x-portkey-aws-session-token': session,
};

/** Portkey's gateway behind the least adapter that can be written: its own server would add the cost of HTTP, which no other rival has. */
export const handler: Handler = awslambda.streamifyResponse(async ({ body = '' }, stream) => {
  const request = new Request('http://gateway/v1/chat/completions', { method: 'POST', headers: settings, body });
  const answer = await gateway().fetch(request, { incoming: {}, outgoing: {} });
  const head = { statusCode: answer.status, headers: Object.fromEntries(answer.headers) };
  const out = awslambda.HttpResponseStream.from(stream, head);
  for await (const piece of answer.body ?? []) if (!out.write(piece)) await once(out, 'drain');
  out.end();
});
