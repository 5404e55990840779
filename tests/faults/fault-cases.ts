import {
  type CallFault,
  callFaults,
  type FaultPosition,
  faultModelId,
  faultPositions,
  type StreamFault,
  streamFaults,
} from '@bedrock-proxy/testing/emulator';
import { chunkHead, type PlayedAnswer, playedAnswer, wireOffset } from './played-answer.ts';
import type { Strike } from './tcp-proxy.ts';

/** One fault of Bedrock or of the connection to it, and the result that the client must get. */
export interface FaultCase {
  readonly fault: string;
  readonly position: FaultPosition | 'call';
  readonly modelId: string;
  /** The fault of the TCP proxy. Absent if the emulator plays the fault. */
  readonly strike?: Strike;
  /** `done`, or the code of the error. */
  readonly terminal: string;
  readonly status: number;
}

/** The faults that the TCP proxy plays. The emulator plays the others. */
const wireFaults = ['socket-closed', 'socket-closed-inside-length', 'socket-reset', 'one-byte-reads', 'stall'] as const;
type WireFault = (typeof wireFaults)[number];

const wireStandIns: readonly StreamFault[] = ['connection-closed', 'connection-reset', 'one-byte-writes', 'stall'];

const harmless: readonly string[] = ['one-byte-reads', 'one-byte-writes', 'unknown-event'];

/** The error of a fault that is reported at every position. Another fault is reported as a cut, and not at all after the end marker. */
const reported: Readonly<Partial<Record<StreamFault, readonly [code: string, status: number]>>> = {
  'internal-server-exception': ['upstream_error', 502],
  'model-stream-error-exception': ['upstream_error', 502],
  'validation-exception': ['upstream_validation', 400],
  'throttling-exception': ['throttled', 429],
  'model-timeout-exception': ['upstream_timeout', 504],
  'service-unavailable-exception': ['upstream_unavailable', 503],
  'unknown-exception': ['upstream_error', 502],
  'error-frame': ['upstream_error', 502],
  'in-band-error': ['upstream_unavailable', 503],
};

const refused: Readonly<Record<CallFault, readonly [code: string, status: number]>> = {
  silence: ['upstream_timeout', 504],
  'reset-before-head': ['upstream_unavailable', 503],
  'close-before-head': ['upstream_unavailable', 503],
  'http-400': ['upstream_validation', 400],
  'http-403': ['upstream_denied', 502],
  'http-404': ['model_not_found', 404],
  'http-408': ['upstream_timeout', 504],
  'http-424': ['upstream_error', 502],
  'http-429': ['throttled', 429],
  'http-500': ['upstream_error', 502],
  'http-503': ['upstream_unavailable', 503],
  'quota-exceeded': ['quota_exceeded', 429],
  'model-not-ready': ['model_not_ready', 503],
  'gateway-502': ['upstream_error', 502],
};

function expectation(fault: StreamFault | WireFault, position: FaultPosition): Pick<FaultCase, 'terminal' | 'status'> {
  const [code, errorStatus] = reported[fault as StreamFault] ?? [];
  if (code !== undefined && errorStatus !== undefined) return { terminal: code, status: errorStatus };
  if (harmless.includes(fault) || position === 'after-end') return { terminal: 'done', status: 200 };
  return fault === 'stall'
    ? { terminal: 'upstream_timeout', status: 504 }
    : { terminal: 'upstream_truncated', status: 502 };
}

function strikeOf(fault: WireFault, answer: PlayedAnswer, position: FaultPosition): Strike {
  const framesBefore = answer.framesBefore[position];
  const start = wireOffset(answer, framesBefore);
  const length = answer.frames[framesBefore]?.length ?? 60;
  switch (fault) {
    case 'socket-closed':
      return { atByte: start, action: 'close' };
    case 'socket-closed-inside-length':
      return { atByte: start + chunkHead(length) + 2, action: 'close' };
    case 'socket-reset':
      return { atByte: start + chunkHead(length) + Math.floor(length / 2), action: 'reset' };
    case 'one-byte-reads':
      return { atByte: start, action: 'drip' };
    case 'stall':
      return { atByte: start, action: 'stall' };
  }
}

/** The faults that the emulator plays in place of the TCP proxy, for requests at the same time: the proxy cannot tell them apart. */
export const standInCases: readonly FaultCase[] = faultPositions.flatMap((position) =>
  wireStandIns.map((fault) => ({
    fault,
    position,
    modelId: faultModelId(fault, position),
    ...expectation(fault, position),
  })),
);

/** Every fault at every position, once. */
export const faultCases: readonly FaultCase[] = [
  ...faultPositions.flatMap((position) => [
    ...streamFaults
      .filter((fault) => !wireStandIns.includes(fault))
      .map((fault) => ({ fault, position, modelId: faultModelId(fault, position), ...expectation(fault, position) })),
    ...wireFaults.map((fault) => ({
      fault,
      position,
      modelId: 'anthropic.claude-sonnet-4-6',
      strike: strikeOf(fault, playedAnswer, position),
      ...expectation(fault, position),
    })),
  ]),
  ...callFaults.map((fault) => {
    const [terminal, status] = refused[fault];
    return { fault, position: 'call' as const, modelId: faultModelId(fault), terminal, status };
  }),
];
