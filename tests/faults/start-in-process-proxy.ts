import { allowAnonymous, createProxy, type ProxyLimits, type RequestRecord } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { createFunctionUrlHandler } from '@bedrock-proxy/lambda-adapter';
import { createInProcessRuntime, type InvokeOptions, type StreamedInvocation } from '@bedrock-proxy/testing/lambda';
import { eventOf } from './start-front.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Runs a streaming handler in this process, so that a test can inspect its sockets and timers. */
export function startInProcessProxy(endpoint: string, limits: Partial<ProxyLimits> = {}) {
  const records: RequestRecord[] = [];
  const runtime = createInProcessRuntime();
  const proxy = createProxy({
    invoker: createBedrockInvoker({
      region: 'us-east-1',
      endpoint,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      maxAttempts: 1,
    }),
    access: allowAnonymous(),
    logger: silent,
    limits: {
      headWaitMs: 60,
      heartbeatMs: 50,
      firstEventTimeoutMs: 300,
      idleTimeoutMs: 200,
      deadlineMarginMs: 100,
      ...limits,
    },
    onRequestEnd: (record) => {
      records.push(record);
    },
  });
  const invoke = runtime.run(createFunctionUrlHandler(proxy));
  return {
    records,
    /** Asks for a stream, by the native API or by another one at `rawPath`. */
    async stream(options: InvokeOptions = {}, rawPath = '/'): Promise<StreamedInvocation> {
      const result = await invoke({ ...eventOf('function-url', 'anthropic.claude-sonnet-4-6'), rawPath }, options);
      if (result.mode !== 'streamed') throw new Error('the handler did not stream');
      return result;
    },
  };
}
