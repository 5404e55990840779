/**
 * A server of `node:http` in front of Bedrock, for a container or a machine of your own. Unlike the finished bundle, it finds credentials
 * wherever the AWS SDK does: also in a profile, or at the metadata service of EC2. SIGTERM gives open responses five seconds to end.
 */
import { createServer } from 'node:http';
import { bearerTokens, createProxy } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { createRequestListener, forwardedAddress } from '@bedrock-proxy/core/node-http';

const access = bearerTokens([{ id: 'team-a', sha256: process.env.TEAM_A_TOKEN_SHA256 ?? '' }]);
const listener = createRequestListener(createProxy({ invoker: createBedrockInvoker(), access }), {
  // One load balancer in front of the server adds the address of its client to X-Forwarded-For.
  sourceIp: forwardedAddress(1),
});
const server = createServer(listener).on('checkContinue', listener.checkContinue);
server.listen(Number(process.env.PORT ?? 8080), '0.0.0.0', () => console.log('listening on', server.address()));

process.once('SIGTERM', () => {
  server.close();
  void listener.drain(5_000).then(() => process.exit(0));
});
