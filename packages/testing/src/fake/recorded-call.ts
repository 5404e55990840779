import type { InvokeModelOptions, ModelCall } from '@bedrock-proxy/core';

/** A call as the fake received it. */
export interface RecordedCall {
  readonly kind: 'invoke' | 'stream';
  readonly operation: ModelCall['operation'];
  readonly modelId: string;
  /** A copy, taken when the call came. */
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
  readonly options?: InvokeModelOptions;
  /** Whether the call was given up before its answer had ended. */
  readonly aborted: boolean;
  text(): string;
  /** The body, parsed. Throws a `SyntaxError` where it is no JSON. */
  json(): unknown;
}

/** A call that the fake still answers. */
export interface OpenCall {
  readonly recorded: RecordedCall;
  /** The answer has ended: an abort from now on gives nothing up. */
  end(): void;
}

/** Begins the record of a call. */
export function recordCall(kind: RecordedCall['kind'], call: ModelCall): OpenCall {
  const body = call.body.slice();
  let aborted = call.signal.aborted;
  const noteAbort = () => {
    aborted = true;
  };
  call.signal.addEventListener('abort', noteAbort, { once: true });
  const text = () => new TextDecoder().decode(body);
  return {
    recorded: {
      kind,
      operation: call.operation,
      modelId: call.modelId,
      body,
      signal: call.signal,
      ...(call.options && { options: call.options }),
      get aborted() {
        return aborted;
      },
      text,
      json: () => JSON.parse(text()),
    },
    end: () => call.signal.removeEventListener('abort', noteAbort),
  };
}
