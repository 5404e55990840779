import { join } from 'node:path';
import { noteEntry } from './note-entries.ts';

/** A function that was entered. */
export interface Entry {
  /** From the root of the workspace. */
  readonly file: string;
  /** Empty for a function without a name. */
  readonly name: string;
}

const token = 'a-token-of-32-characters-0000000';

/** Sends two streamed requests to the instrumented bundle, and returns what the second one entered, in order. */
export async function followRequest(folder: string): Promise<readonly Entry[]> {
  let entries: Entry[] = [];
  Object.assign(globalThis, { [noteEntry]: (file: string, name: string) => void entries.push({ file, name }) });
  const { startBedrockEmulator } = await import(join(folder, 'emulator/index.mjs'));
  const { createInProcessRuntime, readStreamedText } = await import(join(folder, 'lambda/index.mjs'));
  const bedrock = await startBedrockEmulator({ paceMs: 0 });
  Object.assign(process.env, {
    ...{ AUTH_TOKEN: token, AWS_REGION: 'eu-west-1', AWS_LAMBDA_FUNCTION_NAME: 'request-path' },
    ...{ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example-key' },
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
  });
  try {
    const invoke = await createInProcessRuntime().load(join(folder, 'function-url/index.mjs'));
    const ask = async () => {
      const text: string = await readStreamedText(await invoke(event));
      if (!text.endsWith('data: [DONE]\n\n')) throw new Error(`The answer is not a whole stream: ${text}`);
    };
    await withoutLog(ask);
    entries = [];
    await withoutLog(ask);
    return entries;
  } finally {
    await bedrock.close();
  }
}

const event = {
  version: '2.0',
  rawPath: '/',
  headers: { authorization: `Bearer ${token}` },
  requestContext: { http: { method: 'POST', sourceIp: '192.0.2.1' } },
  body: JSON.stringify({
    ...{ modelId: 'anthropic.claude-haiku-4-5-20251001-v1:0', stream: true, anthropic_version: 'bedrock-2023-05-31' },
    ...{ max_tokens: 50, messages: [{ role: 'user', content: 'Hello' }] },
  }),
};

/** Keeps the function's log lines off standard output. */
async function withoutLog(work: () => Promise<void>): Promise<void> {
  const fs = process.getBuiltinModule('node:fs');
  const { writeSync } = fs;
  fs.writeSync = ((descriptor: number, line: string, ...rest: []) =>
    descriptor === 1 ? Buffer.byteLength(line) : writeSync(descriptor, line, ...rest)) as typeof writeSync;
  try {
    await work();
  } finally {
    fs.writeSync = writeSync;
  }
}
