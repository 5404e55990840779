import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveFront } from '@bedrock-proxy/testing/lambda';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { checkHttp2 } from './check-http2.ts';

const needsNothing = 'the endpoint offers HTTP/2; the AWS SDK for JavaScript needs no setting';
const needsHandler =
  'the endpoint offers HTTP/1.1 only; the AWS SDK for JavaScript needs requestHandler: new NodeHttpHandler()';

let folder: string;
let credentials: { readonly key: Buffer; readonly cert: Buffer };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', ...subject];
  execFileSync('openssl', [...args, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  credentials = { key: readFileSync(key), cert: readFileSync(cert) };
  // The certificate signs itself.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

async function lineFor(server: Server, protocol: 'http' | 'https'): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const { verdict, line } = await checkHttp2({ url: new URL(`${protocol}://localhost:${port}/`), timeoutMs: 5_000 });
  server.close();
  expect(verdict).toBe('ok');
  return line;
}

it('finds HTTP/2 where TLS offers it', async () => {
  expect(await lineFor(createSecureServer({ ...credentials, allowHTTP1: true }), 'https')).toBe(needsNothing);
});

it('finds HTTP/1.1 where TLS offers nothing else', async () => {
  expect(await lineFor(createHttpsServer(credentials), 'https')).toBe(needsHandler);
});

it('finds HTTP/1.1 on a server without TLS', async () => {
  expect(await lineFor(createServer(), 'http')).toBe(needsHandler);
});

it('finds HTTP/2 on the local server, which has no TLS', async () => {
  await using front = await serveFront((_request, response) => response.end());
  const { line } = await checkHttp2({ url: new URL(front.url), timeoutMs: 5_000 });
  expect(line).toBe(needsNothing);
});

it('rejects if nothing listens', async () => {
  await expect(checkHttp2({ url: new URL('https://127.0.0.1:1/'), timeoutMs: 5_000 })).rejects.toThrow('ECONNREFUSED');
});
