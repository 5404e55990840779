import { defaultCallLimits } from '../stream/call-watch.js';

/** Sizes in bytes and times in milliseconds. */
export interface ProxyLimits {
  /** The largest body, after base64. */
  readonly maxBodyBytes: number;
  /** How long a streaming front waits for the first event before it sends its head and a ping. */
  readonly headWaitMs: number;
  /** How long a stream may be silent before a ping keeps its connection alive. */
  readonly heartbeatMs: number;
  /** From the send, retries included, to the first event. */
  readonly firstEventTimeoutMs: number;
  /** Between events, and for a write that waits for its reader. */
  readonly idleTimeoutMs: number;
  /** How long before the end of the invocation an answer must be over. */
  readonly deadlineMarginMs: number;
}

export const defaultLimits: ProxyLimits = {
  maxBodyBytes: 5_242_880,
  headWaitMs: 5_000,
  heartbeatMs: 10_000,
  ...defaultCallLimits,
  deadlineMarginMs: 2_000,
};
