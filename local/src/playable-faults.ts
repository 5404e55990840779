import {
  type CallFault,
  callFaults,
  faultModelId,
  faultPositions,
  type StreamFault,
  streamFaults,
} from '@bedrock-proxy/testing/emulator';

/** The model ids that trigger each fault. For a fault in a stream, the keys are the fault and its position. */
export interface PlayableFaults {
  readonly calls: Readonly<Record<string, string>>;
  readonly streams: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly positions: readonly string[];
  /** The error code that a client should see for each fault; `done` if the answer should be whole. */
  readonly expected: Readonly<Record<string, string>>;
}

export const noFaults: PlayableFaults = { calls: {}, streams: {}, positions: [], expected: {} };

const expected: Readonly<Record<CallFault | StreamFault, string>> = {
  'end-between-frames': 'upstream_truncated',
  'end-inside-frame': 'upstream_truncated',
  'end-inside-length': 'upstream_truncated',
  'connection-reset': 'upstream_truncated',
  'connection-closed': 'upstream_truncated',
  'bad-checksum': 'upstream_truncated',
  'zero-length-frame': 'upstream_truncated',
  'huge-frame': 'upstream_truncated',
  stall: 'upstream_timeout',
  'throttling-exception': 'throttled',
  'validation-exception': 'upstream_validation',
  'model-timeout-exception': 'upstream_timeout',
  'service-unavailable-exception': 'upstream_unavailable',
  'internal-server-exception': 'upstream_error',
  'model-stream-error-exception': 'upstream_error',
  'unknown-exception': 'upstream_error',
  'error-frame': 'upstream_error',
  'in-band-error': 'upstream_unavailable',
  'one-byte-writes': 'done',
  'unknown-event': 'done',
  silence: 'upstream_timeout',
  'reset-before-head': 'upstream_unavailable',
  'close-before-head': 'upstream_unavailable',
  'http-400': 'upstream_validation',
  'http-403': 'upstream_denied',
  'http-404': 'model_not_found',
  'http-408': 'upstream_timeout',
  'http-424': 'upstream_error',
  'http-429': 'throttled',
  'http-500': 'upstream_error',
  'http-503': 'upstream_unavailable',
  'quota-exceeded': 'quota_exceeded',
  'model-not-ready': 'model_not_ready',
  'gateway-502': 'upstream_error',
};

/** The faults that the emulator can simulate. */
export const emulatedFaults: PlayableFaults = {
  calls: Object.fromEntries(callFaults.map((fault) => [fault, faultModelId(fault)])),
  streams: Object.fromEntries(
    streamFaults.map((fault) => [
      fault,
      Object.fromEntries(faultPositions.map((position) => [position, faultModelId(fault, position)])),
    ]),
  ),
  positions: faultPositions,
  expected,
};
