import { createApiGatewayHandler, createApiGatewayStreamHandler } from '@bedrock-proxy/apigw-adapter';
import { type AccessPolicy, createProxy, type Logger } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { createFunctionUrlHandler } from '@bedrock-proxy/lambda-adapter';
import { type BedrockEmulator, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { createInProcessRuntime, createLocalFronts, serveFront } from '@bedrock-proxy/testing/lambda';
import { emulatedFaults } from '../../local/src/playable-faults.ts';
import { withPlayground } from '../../local/src/with-playground.ts';

const silent = () => {};
const logger: Logger = { info: silent, warn: silent, error: silent };

/** The local server with its playground, in front of an emulator that the test can inspect. */
export interface Playground extends AsyncDisposable {
  readonly url: string;
  readonly emulator: BedrockEmulator;
}

/** Starts the server in this process. Each word of an answer takes `paceMs` milliseconds. */
export async function startPlayground(access: AccessPolicy, paceMs: number): Promise<Playground> {
  const emulator = await startBedrockEmulator({ paceMs });
  const runtime = createInProcessRuntime();
  const credentials = { accessKeyId: 'emulated', secretAccessKey: 'emulated' };
  const invoker = createBedrockInvoker({ region: 'us-east-1', endpoint: emulator.url, credentials, maxAttempts: 1 });
  const proxy = createProxy({ invoker, access, logger });
  const fronts = createLocalFronts({
    functionUrl: runtime.run(createFunctionUrlHandler(proxy)),
    apiGateway: runtime.run(createApiGatewayHandler(proxy)),
    apiGatewayStream: runtime.run(createApiGatewayStreamHandler(proxy)),
  });
  const { port, close } = await serveFront(
    withPlayground(fronts, {
      isEmulated: true,
      line: 'Emulated Bedrock: no AWS account, no cost.',
      faults: emulatedFaults,
    }),
  );
  return {
    url: `http://localhost:${port}`,
    emulator,
    async [Symbol.asyncDispose]() {
      await close();
      await emulator.close();
    },
  };
}
