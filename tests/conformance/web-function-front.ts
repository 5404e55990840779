import type { FrontSetup } from '@bedrock-proxy/testing/contract';
import { serveFront } from '@bedrock-proxy/testing/lambda';
import { lambdaGateway } from '../web-function/lambda-gateway.ts';
import { lambdaEndpoint, startWebFunction } from '../web-function/start-web-function.ts';

/** A Web Function, started as AWS starts it and behind what AWS puts before it. */
export const webFunction: FrontSetup = {
  ...{ front: 'web-function', streamsAs: 'events', gatewayRequestId: 'lambda-web-request-id' },
  async start(environment) {
    const started = await startWebFunction({ ...environment, ...lambdaEndpoint });
    const served = await serveFront(lambdaGateway(started.url));
    return {
      url: served.url,
      log: () => started.log.lines,
      async stop() {
        await served.close();
        started.process.kill('SIGTERM');
        if ((await started.ended) !== 0) throw new Error(`It ended with an error: ${started.log.lines.at(-1)}`);
      },
    };
  },
};
