import type { CallMeta, ModelCall, ModelOperation } from '@bedrock-proxy/core';

/** A call as the fake received it. */
export interface RecordedCall extends ModelCall {
  readonly kind: 'invoke' | 'stream';
  /** A copy from the time of the call. */
  readonly body: Uint8Array;
  /** Whether the call was given up before its answer had ended. */
  readonly aborted: boolean;
  /** The body as text. */
  text(): string;
  /** The parsed body. Throws a `SyntaxError` if the body is not JSON. */
  json(): unknown;
}

/** A call that the fake is answering. */
export interface OpenCall {
  readonly recorded: RecordedCall;
  /** Called when the answer has ended. An abort after it gives nothing up. */
  end(): void;
}

/** The part of a call that a script needs. */
export interface AnsweredCall {
  readonly operation: ModelOperation;
  readonly signal: AbortSignal;
  readonly meta: CallMeta;
  /** Called just before the last thing is given. An abort after it gives nothing up. */
  end(): void;
}

/** Starts the record of a call. */
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
      ...call,
      kind,
      body,
      get aborted() {
        return aborted;
      },
      text,
      json: () => JSON.parse(text()),
    },
    end: () => call.signal.removeEventListener('abort', noteAbort),
  };
}
