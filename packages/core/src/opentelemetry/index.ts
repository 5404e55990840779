export type { CallSpan, CallTracer, SpanOutcome, TracedCall } from '../ports/call-tracer.js';
export type { OpenTelemetryTracerOptions } from './opentelemetry-tracer.js';
export { openTelemetryTracer } from './opentelemetry-tracer.js';
