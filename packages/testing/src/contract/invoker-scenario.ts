import type { Chunk, ErrorCode, ModelInvoker, ModelOperation } from '@bedrock-proxy/core';

/** The behaviour of the model host for every call of a test. A test makes three calls at most, all of one operation. */
export type InvokerScenario =
  | AnswerScenario
  | StreamScenario
  | RefusalScenario
  /** The host receives the call and never answers it. */
  | { readonly type: 'silence'; readonly operation: ModelOperation };

/** The host answers `invoke` with exactly this. */
export interface AnswerScenario {
  readonly type: 'answer';
  readonly operation: ModelOperation;
  readonly body: Uint8Array;
  readonly contentType: string;
}

/** The host refuses the call with a failure that the invoker must report under this code. One attempt is enough. */
export interface RefusalScenario {
  readonly type: 'refusal';
  readonly operation: ModelOperation;
  readonly code: ErrorCode;
}

/** The host answers `stream` with these chunks. */
export interface StreamScenario {
  readonly type: 'stream';
  readonly operation: Exclude<ModelOperation, 'count-tokens'>;
  /**
   * Each is a message of its own. For `converse`, each has the type of its event. For `invoke-model`, only an event of an unknown type
   * has a type; only a host with event frames is asked to send one.
   */
  readonly chunks: readonly Chunk[];
  /** The host sends the last chunk only after this has resolved. It sends the other chunks at once. */
  readonly holdLast?: Promise<void>;
  /** The host sends all chunks and the failure after them in one write. */
  readonly inOneWrite?: boolean;
  readonly ending: StreamEnding;
}

/** After the last chunk: a clean end, silence, a broken connection, or a failure that the host reports. */
export type StreamEnding = 'end' | 'stall' | 'broken' | { readonly failure: ErrorCode };

/** An invoker with a host that plays the scenario. */
export interface InvokerSubject {
  readonly invoker: ModelInvoker;
  /** The number of calls that have reached the host. */
  received(): number;
  /** The number of calls whose end by the caller the host has noticed. */
  givenUp(): number;
  /**
   * The event frames that the host has sent, without exception frames. Required for an invoker whose batches have `frames`, which are
   * compared with it; absent for any other. The suite asks for it in tests with one call only.
   */
  sentFrames?(): Uint8Array;
  /** The host's name for a failure. If it is present, every error of the host must have it in `upstream`. */
  upstreamName?(code: ErrorCode): string;
  /** Called after the test. */
  stop?(): void | Promise<void>;
}

/** Prepares an invoker and its host for one test. */
export type InvokerSetup = (scenario: InvokerScenario) => InvokerSubject | Promise<InvokerSubject>;
