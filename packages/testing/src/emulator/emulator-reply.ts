/**
 * A way for an answer to stop, before its head or within its body: `stall` sends nothing more until the client leaves,
 * `close` closes the connection, `reset` resets it.
 */
export type Interruption = 'stall' | 'close' | 'reset';

/** A piece of a body: bytes that go out as they are, in a write of their own; silence; or the way it stops. */
export type ReplyPart = Uint8Array | { readonly pauseMs: number } | Interruption;

/** An answer, to the byte. Its head goes out before the first part, and does not wait for it. */
export interface HttpReply {
  /** Milliseconds of silence before the head. */
  readonly headDelayMs?: number;
  /** 200 by default. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Iterable<ReplyPart> | AsyncIterable<ReplyPart>;
}

/** What the emulator does with a request. */
export type EmulatorReply = HttpReply | Interruption;
