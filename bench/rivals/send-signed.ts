import type { IncomingMessage } from 'node:http';

const { request, Agent } = process.getBuiltinModule('node:http');
const { createHash, createHmac } = process.getBuiltinModule('node:crypto');

const endpoint = new URL(process.env['AWS_ENDPOINT_URL_BEDROCK_RUNTIME'] ?? '');
const region = process.env['AWS_REGION'] ?? '';
const agent = new Agent({ keepAlive: true });

/** Sends a request to Bedrock with the least that makes a signature. It is for lower bounds: nothing is sent again, and no failure is read. */
export function sendSigned(path: string, body: string): Promise<IncomingMessage> {
  const at = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${at.slice(0, 8)}/${region}/bedrock/aws4_request`;
  const hash = createHash('sha256').update(body).digest('hex');
  const canonical = `POST\n${path.replaceAll(':', '%253A')}\n\nhost:${endpoint.host}\nx-amz-date:${at}\n\nhost;x-amz-date\n${hash}`;
  const digest = createHash('sha256').update(canonical).digest('hex');
  const key = [at.slice(0, 8), region, 'bedrock', 'aws4_request'].reduce<string | Buffer>(
    (last, part) => createHmac('sha256', last).update(part).digest(),
    `AWS4${process.env['AWS_SECRET_ACCESS_KEY']}`,
  );
  const signature = createHmac('sha256', key).update(`AWS4-HMAC-SHA256\n${at}\n${scope}\n${digest}`).digest('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${process.env['AWS_ACCESS_KEY_ID']}/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
  return new Promise((resolve, reject) => {
    request(endpoint, {
      ...{ path, agent, method: 'POST' },
      headers: { 'x-amz-date': at, authorization, 'content-type': 'application/json' },
    })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
}
