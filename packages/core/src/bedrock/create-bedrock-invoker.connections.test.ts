import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { expect, it, vi } from 'vitest';
import { createBedrockInvoker } from './create-bedrock-invoker.js';

vi.mock('@smithy/node-http-handler', { spy: true });

const options = { region: 'eu-central-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example-key' } };

it('an invoker bounds the time to connect, and no time after that, over HTTP and HTTPS alike', () => {
  createBedrockInvoker(options);
  createBedrockInvoker({ ...options, connectionTimeoutMs: 70 });
  const agent = { keepAlive: true, maxSockets: Infinity };
  const given = { socketTimeout: 0, httpAgent: agent, httpsAgent: agent };
  expect(vi.mocked(NodeHttpHandler).mock.calls).toEqual([
    [{ ...given, connectionTimeout: 3_000 }],
    [{ ...given, connectionTimeout: 70 }],
  ]);
});

it('an invoker sends its calls over a connection that it keeps', async () => {
  const onConnection = vi.fn();
  const server = createServer((_request, response) => void response.end('{}')).on('connection', onConnection);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { invoke } = createBedrockInvoker({ ...options, endpoint: `http://127.0.0.1:${port}` });
  const { signal } = new AbortController();
  const call = { operation: 'invoke-model', modelId: 'm', body: Buffer.from('{}'), signal } as const;
  await invoke(call);
  await invoke(call);
  server.closeAllConnections();
  server.close();
  expect(onConnection).toHaveBeenCalledOnce();
});
