import type { IncomingHttpHeaders } from 'node:http';
import type { WireRequest } from './dual-protocol-server.js';
import type { ResponseFate } from './follow-response.js';
import { type ModelTarget, readTarget } from './read-target.js';

/** A request as the emulator received it, and what became of it. */
export interface EmulatorRequest {
  /** How many came before it. */
  readonly index: number;
  readonly method: string;
  /** As it came, percent-encoded, with the query if there is one. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  readonly httpVersion: string;
  /** Absent where the path is not one of the runtime's operations on a model. */
  readonly target?: ModelTarget;
  /** Aborts when the client leaves before the answer has ended. */
  readonly signal: AbortSignal;
  /** Whether the client left before the answer had ended. */
  readonly aborted: boolean;
  /** Resolves once nothing more can be sent: the answer has ended, or the client has left. */
  readonly closed: Promise<void>;
  /** When that was, in milliseconds of `performance.now()`. */
  readonly closedAt: number | undefined;
  /** The body, parsed. Throws a `SyntaxError` where it is no JSON. */
  json(): unknown;
}

/** The record of a request that has been received in full. */
export function describeRequest(
  { method = '', url: path = '', headers, httpVersion }: WireRequest,
  body: Uint8Array,
  fate: ResponseFate,
  index: number,
): EmulatorRequest {
  const target = readTarget(method, path);
  return {
    index,
    method,
    path,
    headers,
    httpVersion,
    body,
    ...(target && { target }),
    signal: fate.signal,
    get aborted() {
      return fate.signal.aborted;
    },
    closed: fate.closed,
    get closedAt() {
      return fate.closedAt;
    },
    json: () => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)),
  };
}
