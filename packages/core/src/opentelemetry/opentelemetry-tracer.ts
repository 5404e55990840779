import { type Attributes, type Span, type TracerProvider, trace } from '@opentelemetry/api';
import type { CallSpan, CallTracer, SpanOutcome, TracedCall } from '../ports/call-tracer.js';

export interface OpenTelemetryTracerOptions {
  /** By default the global provider, whenever it is registered. */
  readonly tracerProvider?: TracerProvider;
}

const scope = '@bedrock-proxy/core';
// Of the API's enums, which a bundle would hold whole.
const client = 2;
const errorStatus = 2;

/**
 * Gives each call of a model one span, by the GenAI conventions of OpenTelemetry, whose status is Development. A span never has prompts,
 * answers, tools, headers, tokens or callers.
 */
export function openTelemetryTracer({ tracerProvider = trace }: OpenTelemetryTracerOptions = {}): CallTracer {
  return {
    startCall(call) {
      const { operation, modelId } = call;
      const options = { kind: client, attributes: startAttributes(call) };
      const span = tracerProvider.getTracer(scope).startSpan(`${operation} ${modelId}`, options);
      return span.isRecording() ? callSpan(span, call.stream) : undefined;
    },
  };
}

function startAttributes({ operation, modelId, stream, guardrailId, serverAddress }: TracedCall): Attributes {
  const [host, port = '443'] = serverAddress?.split(':') ?? [];
  return {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': 'aws.bedrock',
    'gen_ai.request.model': modelId,
    ...(stream && { 'gen_ai.request.stream': true }),
    ...(host && { 'server.address': host, 'server.port': Number(port) }),
    ...(guardrailId !== undefined && { 'aws.bedrock.guardrail.id': guardrailId }),
  };
}

function callSpan(span: Span, isStream: boolean): CallSpan {
  const startedAt = performance.now();
  let secondsToFirstChunk: number | undefined;
  return {
    firstChunk() {
      if (isStream) secondsToFirstChunk = (performance.now() - startedAt) / 1_000;
    },
    end(outcome) {
      span.setAttributes(endAttributes(outcome, secondsToFirstChunk));
      if (outcome.code !== undefined) span.setStatus({ code: errorStatus });
      span.end();
    },
  };
}

function endAttributes(outcome: SpanOutcome, secondsToFirstChunk: number | undefined): Attributes {
  const { cacheReadTokens, cacheWriteTokens, outputTokens, stopReason, upstreamRequestId, code } = outcome;
  const inputTokens = allInputTokens(outcome);
  return {
    ...(inputTokens !== undefined && { 'gen_ai.usage.input_tokens': inputTokens }),
    ...(cacheReadTokens !== undefined && { 'gen_ai.usage.cache_read.input_tokens': cacheReadTokens }),
    ...(cacheWriteTokens !== undefined && { 'gen_ai.usage.cache_creation.input_tokens': cacheWriteTokens }),
    ...(outputTokens !== undefined && { 'gen_ai.usage.output_tokens': outputTokens }),
    ...(stopReason !== undefined && { 'gen_ai.response.finish_reasons': [stopReason] }),
    ...(secondsToFirstChunk !== undefined && { 'gen_ai.response.time_to_first_chunk': secondsToFirstChunk }),
    ...(upstreamRequestId !== undefined && { 'aws.request_id': upstreamRequestId }),
    ...(code !== undefined && { 'error.type': code }),
  };
}

/** The conventions count cached tokens as input. */
function allInputTokens({ inputTokens, cacheReadTokens, cacheWriteTokens }: SpanOutcome): number | undefined {
  const counts = [inputTokens, cacheReadTokens, cacheWriteTokens].filter((count) => count !== undefined);
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}
