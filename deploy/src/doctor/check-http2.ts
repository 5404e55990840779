import { connect as connectHttp2 } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import type { Deployment } from './deployment.ts';
import type { Finding } from './finding.ts';

/**
 * Reads which HTTP versions the endpoint offers. The AWS SDK for JavaScript calls Bedrock Runtime over HTTP/2 only, and
 * does not fall back. Rejects if the endpoint cannot be reached.
 */
export async function checkHttp2({ url, timeoutMs }: Pick<Deployment, 'url' | 'timeoutMs'>): Promise<Finding> {
  const offersHttp2 = url.protocol === 'https:' ? await negotiatesHttp2(url, timeoutMs) : await speaksHttp2(url);
  return {
    check: 'aws sdk',
    verdict: 'ok',
    line: offersHttp2
      ? 'the endpoint offers HTTP/2; the AWS SDK for JavaScript needs no setting'
      : 'the endpoint offers HTTP/1.1 only; the AWS SDK for JavaScript needs requestHandler: new NodeHttpHandler()',
  };
}

/** Whether the endpoint chooses `h2` by ALPN. */
function negotiatesHttp2(url: URL, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const host = url.hostname;
    const socket = connectTls({
      host,
      port: Number(url.port || 443),
      servername: host,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('timeout')));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(socket.alpnProtocol === 'h2');
      socket.destroy();
    });
  });
}

/** Whether a server without TLS answers the preface of HTTP/2. One that does not closes the connection. */
function speaksHttp2(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connectHttp2(url.origin);
    const settle = (answer: boolean) => {
      resolve(answer);
      session.destroy();
    };
    session.once('remoteSettings', () => settle(true));
    session.once('error', () => settle(false));
    session.once('close', () => settle(false));
  });
}
