import { startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { functionUrl } from '../conformance/lambda-fronts.ts';

/** The token of `AUTH_TOKEN`. */
export const token = 'a-token-of-many-characters';

export const claude = 'global.anthropic.claude-haiku-4-5-20251001-v1:0';

/** One instance of a Function URL, under Lambda's own runtime client. It answers one request at a time, as Lambda's do. */
export interface Instance extends AsyncDisposable {
  readonly url: string;
  /** Asks the model in the native dialect. */
  ask(change?: object): Promise<Response>;
  log(): readonly string[];
  /** The lines of the log with this event. */
  events(name: string): readonly Readonly<Record<string, unknown>>[];
}

/** Starts an instance with these variables, on a Node binary. */
export async function startInstance(environment: Readonly<Record<string, string>>, node?: string): Promise<Instance> {
  const { url, log, stop } = await functionUrl(node).start({
    AUTH_TOKEN: token,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'emulated',
    AWS_SECRET_ACCESS_KEY: 'emulated',
    BEDROCK_MAX_ATTEMPTS: '1',
    ...environment,
  });
  return {
    url,
    log,
    ask: (change = {}) =>
      fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({
          ...{ modelId: claude, anthropic_version: 'bedrock-2023-05-31', max_tokens: 100 },
          ...{ messages: [{ role: 'user', content: 'What is a proxy?' }], ...change },
        }),
      }),
    events: (name) =>
      log()
        .filter((line) => line.includes(`"event":"${name}"`))
        .map((line) => JSON.parse(line)),
    [Symbol.asyncDispose]: async () => stop?.(),
  };
}

/** An emulated Bedrock, and the variable that leads to it. */
export async function startBedrock(paceMs = 0) {
  const emulator = await startBedrockEmulator({ paceMs });
  return {
    emulator,
    environment: { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: emulator.url },
    [Symbol.asyncDispose]: () => emulator.close(),
  };
}
