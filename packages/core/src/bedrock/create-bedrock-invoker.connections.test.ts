import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';
import { createHttpTransport } from '../aws/create-http-transport.js';
import { createBedrockInvoker } from './create-bedrock-invoker.js';

vi.mock('../aws/create-http-transport.js', { spy: true });

const options = { region: 'eu-central-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example-key' } };

it('an invoker limits the time to connect, to 3 s unless told otherwise', () => {
  createBedrockInvoker(options);
  createBedrockInvoker({ ...options, connectionTimeoutMs: 70 });
  expect(vi.mocked(createHttpTransport).mock.calls).toEqual([
    [{ keepAlive: true, connectionTimeoutMs: 3_000 }],
    [{ keepAlive: true, connectionTimeoutMs: 70 }],
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
