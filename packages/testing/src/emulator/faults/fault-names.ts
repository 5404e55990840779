/** The faults of a streamed answer. Each can happen at any of `faultPositions`. */
export const streamFaults = [
  'end-between-frames',
  'end-inside-frame',
  'end-inside-length',
  'connection-reset',
  'connection-closed',
  'one-byte-writes',
  'stall',
  'bad-checksum',
  'zero-length-frame',
  'huge-frame',
  'internal-server-exception',
  'model-stream-error-exception',
  'validation-exception',
  'throttling-exception',
  'model-timeout-exception',
  'service-unavailable-exception',
  'unknown-exception',
  'error-frame',
  'unknown-event',
  'in-band-error',
] as const;

/** Faults of InvokeModelWithResponseStream only. ConverseStream has no such exception, and no chunks in a model's own format. */
export const invokeFaults: ReadonlySet<StreamFault> = new Set(['model-timeout-exception', 'in-band-error']);

/** The faults of a call before its answer begins. */
export const callFaults = [
  'silence',
  'reset-before-head',
  'close-before-head',
  'http-400',
  'http-403',
  'http-404',
  'http-408',
  'http-424',
  'http-429',
  'http-500',
  'http-503',
  'quota-exceeded',
  'model-not-ready',
  'gateway-502',
] as const;

/** The positions of a fault in a stream: before the first frame, before the first text, halfway, or after the end marker. */
export const faultPositions = ['first-frame', 'before-text', 'middle', 'after-end'] as const;

export type StreamFault = (typeof streamFaults)[number];
export type CallFault = (typeof callFaults)[number];
export type FaultPosition = (typeof faultPositions)[number];

/** A fault that the model id of a request selects. */
export type RequestedFault =
  | { readonly kind: 'call'; readonly name: CallFault }
  | { readonly kind: 'stream'; readonly name: StreamFault; readonly position: FaultPosition };

const prefix = 'emulator.';

/**
 * The model id that makes the emulator play a fault. The position of a stream fault is `middle` by default. An ARN that ends in the id
 * plays the same fault, for clients that accept no other id.
 */
export function faultModelId(fault: CallFault): string;
export function faultModelId(fault: StreamFault, position?: FaultPosition): string;
export function faultModelId(fault: CallFault | StreamFault, position?: FaultPosition): string {
  return prefix + fault + (position === undefined ? '' : `.${position}`);
}

/** The fault that a model id, or the last part of an ARN, selects. `unknown` if there is no such fault, undefined if the id names a model. */
export function readFault(modelId: string): RequestedFault | 'unknown' | undefined {
  const id = modelId.startsWith('arn:') ? modelId.slice(modelId.lastIndexOf('/') + 1) : modelId;
  if (!id.startsWith(prefix)) return undefined;
  const [word, where = 'middle', ...rest] = id.slice(prefix.length).split('.');
  if (rest.length > 0) return 'unknown';
  const call = callFaults.find((candidate) => candidate === word);
  if (call !== undefined) return { kind: 'call', name: call };
  const name = streamFaults.find((candidate) => candidate === word);
  const position = faultPositions.find((candidate) => candidate === where);
  return name === undefined || position === undefined ? 'unknown' : { kind: 'stream', name, position };
}
