import { allowAnonymous, createProxy, type ProxyOptions } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { type HttpRequest, serve } from '@bedrock-proxy/core/http';
import { openTelemetryTracer } from '@bedrock-proxy/core/opentelemetry';
import { type ReadableSpan, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** A provider that keeps its spans, and how often each was ended. */
export function recordSpans() {
  const spans: ReadableSpan[] = [];
  const processor: SpanProcessor = {
    onStart() {},
    onEnd: (span) => void spans.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const tracer = openTelemetryTracer({ tracerProvider: new TracerProvider({ spanProcessors: [processor] }) });
  return { spans, tracer };
}

export function bedrockAt(endpoint: string) {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'canary-secret' };
  return createBedrockInvoker({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
}

export interface Asked extends Partial<Pick<HttpRequest, 'path' | 'method' | 'headers' | 'remainingMs' | 'signal'>> {
  readonly body?: object;
  /** Stops reading after the first piece. */
  readonly leaves?: AbortController;
}

/** A proxy in this process whose calls are traced, with its log. */
export function startTracedProxy(endpoint: string, options: Partial<ProxyOptions> = {}) {
  const recorded = recordSpans();
  const lines: Record<string, unknown>[] = [];
  const write = (line: object) => void lines.push({ ...line });
  const proxy = createProxy({
    ...{ invoker: bedrockAt(endpoint), access: allowAnonymous(), tracer: recorded.tracer },
    logger: { info: write, warn: write, error: write },
    ...options,
  });
  return {
    ...recorded,
    lines,
    async ask({ body = {}, leaves, ...request }: Asked = {}): Promise<{ status: number; text: string }> {
      const answer = await serve(proxy, {
        ...{ front: 'test', requestId: 'r-1', method: 'POST', path: '/', headers: {} },
        ...{ body: JSON.stringify(body), signal: leaves?.signal ?? new AbortController().signal },
        ...request,
      });
      let text = '';
      if (typeof answer.body === 'string') text = answer.body;
      else if (answer.body instanceof Uint8Array) text = Buffer.from(answer.body).toString();
      else {
        for await (const piece of answer.body) {
          text += Buffer.from(piece).toString();
          leaves?.abort();
        }
      }
      await answer.close({ bytesOut: text.length, clientLeft: leaves !== undefined });
      // As a second close by a front must not end the span again.
      await answer.close({ bytesOut: text.length });
      return { status: answer.status, text };
    },
  };
}
