import type { IncomingHttpHeaders } from 'node:http';
import type { WireRequest } from './dual-protocol-server.js';
import type { ResponseFate } from './follow-response.js';
import { type ModelTarget, readTarget } from './read-target.js';

/** A request to the emulator, and how it ended. */
export interface EmulatorRequest {
  /** The number of earlier requests. */
  readonly index: number;
  readonly method: string;
  /** Percent-encoded as received, with the query if there is one. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  readonly httpVersion: string;
  /** Absent if the path names no operation of the runtime on a model. */
  readonly target?: ModelTarget;
  /** Aborts when the client disconnects before the answer has ended. */
  readonly signal: AbortSignal;
  /** Whether the client disconnected before the answer had ended. */
  readonly aborted: boolean;
  /** Resolves when the answer has ended or the client has disconnected. */
  readonly closed: Promise<void>;
  /** When `closed` resolved, in milliseconds of `performance.now()`. */
  readonly closedAt: number | undefined;
  /** The parsed body. Throws a `SyntaxError` if the body is not JSON. */
  json(): unknown;
}

/** The record of a completely received request. */
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
