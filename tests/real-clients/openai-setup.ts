import { type BedrockEmulator, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { functionUrl, restApi } from '../conformance/lambda-fronts.ts';
import { clientLibraries } from './client-packages.ts';
import { type InstalledPackages, installPackages } from './installed-packages.ts';

/** A deployed bundle in front of the emulator, and the clients that call it. */
export interface OpenAiSetup extends AsyncDisposable {
  readonly emulator: BedrockEmulator;
  readonly clients: InstalledPackages;
  /** The base URL of a Function URL, which streams. */
  readonly streaming: string;
  /** The base URL of a REST API, which sends one piece. */
  readonly buffered: string;
}

export const token = 'a-token-for-real-clients';

/** Starts two fronts under Lambda's runtime client, with short timeouts and one attempt for each call of the model. */
export async function startOpenAiSetup(): Promise<OpenAiSetup> {
  const emulator = await startBedrockEmulator({ paceMs: 0 });
  const environment = {
    AUTH_TOKEN: token,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: emulator.url,
    LISTED_MODELS: 'anthropic.claude-sonnet-4-6, amazon.nova-lite-v1:0',
    BEDROCK_MAX_ATTEMPTS: '1',
    FIRST_EVENT_TIMEOUT_MS: '800',
    IDLE_TIMEOUT_MS: '500',
  };
  const [clients, streaming, buffered] = await Promise.all([
    installPackages(clientLibraries),
    functionUrl().start(environment),
    restApi().start(environment),
  ]);
  return {
    emulator,
    clients,
    streaming: `${streaming.url}/v1`,
    buffered: `${buffered.url}/v1`,
    async [Symbol.asyncDispose]() {
      await streaming.stop();
      await buffered.stop();
      await emulator.close();
    },
  };
}
