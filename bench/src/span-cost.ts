import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { trace } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';

/** The part of the tracer that a call uses. */
interface Tracer {
  startCall(call: object): { firstChunk(): void; end(outcome: object): void } | undefined;
}

// Measures what the tracer of a bundle adds to one call: microseconds of CPU from the start of its span to its end, without a provider
// (`none`) or with the SDK and a processor that exports nothing (`sdk`).
const [provider, folder = ''] = process.argv.slice(2);
if (provider === 'sdk') {
  const processor = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] }));
}
const chunk = readdirSync(folder).find((name) => /^opentelemetry-\w+\.mjs$/.test(name)) ?? '';
const { openTelemetryTracer }: { openTelemetryTracer(): Tracer } = await import(join(folder, chunk));
const tracer = openTelemetryTracer();
const modelId = 'global.anthropic.claude-haiku-4-5-20251001-v1:0';

function run(calls: number): void {
  for (let i = 0; i < calls; i++) {
    const span = tracer.startCall({ modelId, stream: true, operation: 'chat', serverAddress: 'bedrock.example' });
    span?.firstChunk();
    span?.end({ inputTokens: 10, outputTokens: 20, stopReason: 'end_turn', upstreamRequestId: 'r-1', attempts: 1 });
  }
}

const calls = 200_000;
run(calls);
const before = process.cpuUsage();
run(calls);
const { user, system } = process.cpuUsage(before);
process.send?.((user + system) / calls);
process.exit();
