import type { CallTracer } from '../ports/call-tracer.js';
import type { Environment } from './environment.js';

/** Where each copy of OpenTelemetry's API finds what a layer has registered. */
const apiKey = Symbol.for('opentelemetry.js.api.1');

/** A tracer for the provider that a layer, such as ADOT, has registered. Without one, nothing is loaded and there is no tracer. */
export async function layerTracer(environment: Environment): Promise<CallTracer | undefined> {
  const api: unknown = Reflect.get(globalThis, apiKey);
  const isRegistered = typeof api === 'object' && api !== null && 'trace' in api && Boolean(api.trace);
  if (!isRegistered || environment['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return undefined;
  const { openTelemetryTracer } = await import('../opentelemetry/index.js');
  return openTelemetryTracer();
}
