import { allowAnonymous, createProxy, type ProxyOptions } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { type HttpAnswer, serve } from '@bedrock-proxy/core/http';

const logger = { info() {}, warn() {}, error() {} };

/** An answer, read to its end. */
export interface ReadAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A proxy in this process, in front of an emulator. */
export function startInProcessOpenAi(endpoint: string, options: Partial<ProxyOptions> = {}) {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const invoker = createBedrockInvoker({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
  const proxy = createProxy({ invoker, access: allowAnonymous(), logger, ...options });
  return async (path: string, body?: object): Promise<ReadAnswer> => {
    const answer = await serve(proxy, {
      ...{ front: 'test', requestId: 'r-1', method: body ? 'POST' : 'GET', path, headers: {} },
      ...(body && { body: JSON.stringify(body) }),
      signal: new AbortController().signal,
    });
    const text = await read(answer);
    await answer.close({ bytesOut: text.length });
    return { status: answer.status, headers: answer.headers, text };
  };
}

async function read({ body }: HttpAnswer): Promise<string> {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  let text = '';
  for await (const piece of body) text += Buffer.from(piece).toString();
  return text;
}
