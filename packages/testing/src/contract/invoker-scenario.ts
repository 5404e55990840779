import type { ErrorCode, ModelInvoker } from '@bedrock-proxy/core';

/** What the model host does with every call of a test, of which there are three at most. */
export type InvokerScenario =
  /** Answers `invoke` with exactly this. */
  | { readonly type: 'answer'; readonly body: Uint8Array; readonly contentType: string }
  | StreamScenario
  /** Refuses with what the invoker is to report under this code. One attempt is enough. */
  | { readonly type: 'refusal'; readonly code: ErrorCode }
  /** Takes the call and never answers it. */
  | { readonly type: 'silence' };

/** Answers `stream` with these documents, each as a message of its own. */
export interface StreamScenario {
  readonly type: 'stream';
  readonly chunks: readonly Uint8Array[];
  /** The last chunk is sent only once this has resolved; all the others are sent at once. */
  readonly holdLast?: Promise<void>;
  readonly ending: StreamEnding;
}

/** What follows the last chunk: the end; silence; a connection that breaks; a failure that the host itself reports. */
export type StreamEnding = 'end' | 'stall' | 'broken' | { readonly failure: ErrorCode };

/** An invoker before a host that plays the scenario. */
export interface InvokerSubject {
  readonly invoker: ModelInvoker;
  /** Calls that have reached the host. */
  received(): number;
  /** Calls of which the host has learned that they were given up. */
  givenUp(): number;
  /** Called once the test is over. */
  stop?(): void | Promise<void>;
}

/** Prepares an invoker and its host for one test. */
export type InvokerSetup = (scenario: InvokerScenario) => InvokerSubject | Promise<InvokerSubject>;
