import {
  type BedrockEmulator,
  type CallFault,
  type FaultPosition,
  faultModelId,
  type StreamFault,
  startBedrockEmulator,
} from '@bedrock-proxy/testing/emulator';
import { functionUrl, httpApi, restApi, restApiStream } from '../conformance/lambda-fronts.ts';

/** The endpoints, each a bundle under Lambda's own runtime client behind its gateway. */
export const endpoints = {
  'function-url': functionUrl,
  'rest-api-stream': restApiStream,
  'rest-api': restApi,
  'http-api': httpApi,
} as const;

export type EndpointName = keyof typeof endpoints;

/** A token that the gateway accepts. */
export const token = 'a-token-for-real-clients';

/** A deployed proxy in front of an emulated Bedrock. */
export interface Gateway extends AsyncDisposable {
  readonly url: string;
  readonly emulator: BedrockEmulator;
  /** The `request.end` lines so far. */
  ends(): readonly Readonly<Record<string, unknown>>[];
}

/** Starts an endpoint with its token, and with these variables. */
export async function startGateway(
  endpoint: EndpointName,
  environment: Readonly<Record<string, string>> = {},
): Promise<Gateway> {
  const emulator = await startBedrockEmulator({ paceMs: 0 });
  const subject = await endpoints[endpoint]().start({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'emulated',
    AWS_SECRET_ACCESS_KEY: 'emulated',
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: emulator.url,
    BEDROCK_MAX_ATTEMPTS: '1',
    AUTH_TOKEN: token,
    ...environment,
  });
  return {
    url: subject.url,
    emulator,
    ends: () =>
      subject
        .log()
        .filter((line) => line.includes('"request.end"'))
        .map((line) => JSON.parse(line)),
    async [Symbol.asyncDispose]() {
      await subject.stop();
      await emulator.close();
    },
  };
}

const ownModels = 'arn:aws:bedrock:us-east-1:111122223333:imported-model';

/** An id that a client of Claude may ask for, and that makes the emulator play a fault of a stream. */
export function faultArn(fault: StreamFault, position: FaultPosition): string {
  return `${ownModels}/${faultModelId(fault, position)}`;
}

/** The same for a fault before an answer begins. */
export function callFaultArn(fault: CallFault): string {
  return `${ownModels}/${faultModelId(fault)}`;
}
