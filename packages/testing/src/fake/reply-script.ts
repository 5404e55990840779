import type { ErrorCode, ProxyErrorOptions, StopReason, Usage } from '@bedrock-proxy/core';
import { type JsonDocument, jsonBytes } from '../answers/json-bytes.js';

/** One thing that the fake does while it answers. */
export type ReplyStep =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'chunks'; readonly batch: readonly Uint8Array[] }
  | { readonly type: 'pause'; readonly ms: number }
  | { readonly type: 'wait'; readonly until: Promise<unknown> }
  | { readonly type: 'failure'; readonly code: ErrorCode; readonly options: ProxyErrorOptions }
  | { readonly type: 'break-off' }
  | { readonly type: 'hang' };

/** One answer of the fake, written step by step. Each piece of text travels in a batch of its own. */
export class ReplyScript {
  readonly #steps: ReplyStep[] = [];
  #bare = false;
  #acceptedAfterMs = 0;
  #stopReason: StopReason = 'stop';
  #usage: Usage | undefined;

  /** Says the pieces, one after another; `text('')` begins the answer and says nothing. */
  text(...pieces: readonly string[]): this {
    this.#steps.push(...pieces.map((text) => ({ type: 'text', text }) as const));
    return this;
  }

  /**
   * Sends JSON documents as they are, an array of them as one batch. A script with such chunks is sent bare:
   * no opening and no end marker are added, and `text()` has no place in it.
   */
  chunks(...batches: readonly (JsonDocument | readonly JsonDocument[])[]): this {
    this.#bare = true;
    for (const batch of batches) {
      const documents: readonly JsonDocument[] = Array.isArray(batch) ? batch : [batch];
      if (documents.length === 0) throw new Error('A batch of chunks is never empty.');
      this.#steps.push({ type: 'chunks', batch: documents.map(jsonBytes) });
    }
    return this;
  }

  /** Stays silent for `ms` milliseconds of the global timer. */
  pause(ms: number): this {
    this.#steps.push({ type: 'pause', ms });
    return this;
  }

  /** Stays silent until the promise settles: for tests that hold the answer back by hand. */
  waitFor(until: Promise<unknown>): this {
    this.#steps.push({ type: 'wait', until });
    return this;
  }

  /** Accepts the call only after `ms` milliseconds: until then `stream` has not resolved. */
  acceptAfter(ms: number): this {
    this.#acceptedAfterMs = ms;
    return this;
  }

  /** Why the model stops; `stop` where this is not called. */
  stopReason(reason: StopReason): this {
    this.#stopReason = reason;
    return this;
  }

  /** What the model reports; where this is not called, ten tokens in and one out for each piece of text. */
  usage(usage: Usage): this {
    this.#usage = usage;
    return this;
  }

  /** Fails here, with the text before it already sent. Nothing after it is played. */
  failWith(code: ErrorCode, options: ProxyErrorOptions = {}): this {
    this.#steps.push({ type: 'failure', code, options });
    return this;
  }

  /** Ends the stream here without an end marker, as a cut connection does; a whole answer fails with `upstream_truncated`. */
  breakOff(): this {
    this.#steps.push({ type: 'break-off' });
    return this;
  }

  /** Says nothing more until the call is given up. */
  hang(): this {
    this.#steps.push({ type: 'hang' });
    return this;
  }

  /** The script as written so far, for the player. */
  read(): WrittenReply {
    const pieces = this.#steps.filter((step) => step.type === 'text').length;
    if (this.#bare && pieces > 0) throw new Error('A scripted reply holds either text() or chunks(), not both.');
    return {
      steps: [...this.#steps],
      bare: this.#bare,
      acceptedAfterMs: this.#acceptedAfterMs,
      stopReason: this.#stopReason,
      usage: this.#usage ?? { inputTokens: 10, outputTokens: pieces },
    };
  }
}

/** A script that is ready to be played. */
export interface WrittenReply {
  readonly steps: readonly ReplyStep[];
  /** Whether its chunks go out as they are, with no opening and no end added. */
  readonly bare: boolean;
  readonly acceptedAfterMs: number;
  readonly stopReason: StopReason;
  readonly usage: Usage;
}
