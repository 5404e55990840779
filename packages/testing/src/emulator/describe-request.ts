import type { WireRequest } from './dual-protocol-server.js';
import type { EmulatorRequest } from './emulator-request.js';
import type { ResponseFate } from './follow-response.js';
import { readTarget } from './read-target.js';

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
