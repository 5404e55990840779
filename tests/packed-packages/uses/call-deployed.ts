import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInProcessRuntime, functionUrlFront } from '@bedrock-proxy/testing/lambda';

const invoke = await createInProcessRuntime().load(new URL('./deploy.ts', import.meta.url));

/** Sends a request as a caller at this address. */
async function ask(sourceIp: string, token: string): Promise<string> {
  const front = functionUrlFront((event, options) => {
    const seen = event as { requestContext: { http: { sourceIp: string } } };
    seen.requestContext.http.sourceIp = sourceIp;
    return invoke(seen, options);
  });
  const server = createServer(front).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, connection: 'close' },
    body: JSON.stringify({ modelId: 'global.amazon.nova-2-lite-v1:0', stream: true, messages: [] }),
  });
  const body = await response.text();
  server.close();
  return response.ok ? body : `${response.status} ${JSON.parse(body).error.code}`;
}

const answers = {
  guest: await ask('10.1.2.3', 'a-guest'),
  stranger: await ask('10.1.2.3', 'a-stranger'),
  outside: await ask('192.0.2.1', 'a-guest'),
};
// The proxy writes its log to standard output too. The answers are the last line.
console.log(JSON.stringify(answers));
