import { once } from 'node:events';
import { Writable } from 'node:stream';
import { frameSet } from './frame-set.ts';

const megabyte = 1_000_000;
/** The first word of the text of every answer. */
const marker = 'tok';
/** The frames of an answer, for a contender that passes them on. */
const { pieces: frames, tail } = frameSet('invoke');
const firstFrame = Buffer.from(frames[0] ?? tail);
/** Every contender needs at least this number of bytes for one piece. */
const minBytesPerPiece = 25;
/** The bytes of the text of a piece. A contender that joins the pieces of one network read has no others. */
const minTextPerPiece = 4.9;

/** Reads an answer and checks that it is complete. */
export class AnswerSink extends Writable {
  firstTextAt = Number.NaN;
  peakMemory = 0;
  readonly #pauseMs: number;
  readonly #samplesMemory: boolean;
  #bytes = 0;
  #sampledAt = 0;
  #hasPaused = false;
  /** The end of an answer has three frames, and each may come in a piece of its own. */
  #last: [Buffer, Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0), Buffer.alloc(0)];

  constructor({ pauseMs = 0, sampleMemory = false } = {}) {
    super({ decodeStrings: true });
    this.#pauseMs = pauseMs;
    this.#samplesMemory = sampleMemory;
  }

  override _write(piece: Buffer, _encoding: string, taken: () => void): void {
    if (Number.isNaN(this.firstTextAt) && (piece.includes(marker) || piece.includes(firstFrame))) {
      this.firstTextAt = performance.now();
    }
    this.#bytes += piece.length;
    // The cost of this reader is part of every measurement, so it only keeps three references for each piece.
    this.#last = [this.#last[1], this.#last[2], piece];
    if (this.#samplesMemory && this.#bytes - this.#sampledAt > megabyte / 10) {
      this.#sampledAt = this.#bytes;
      this.peakMemory = Math.max(this.peakMemory, process.memoryUsage.rss());
    }
    if (this.#pauseMs > 0 && !this.#hasPaused && this.#bytes > megabyte) {
      this.#hasPaused = true;
      setTimeout(() => {
        this.peakMemory = Math.max(this.peakMemory, process.memoryUsage.rss());
        taken();
      }, this.#pauseMs);
    } else taken();
  }

  /**
   * Waits for the end. Throws if the answer is too short or incomplete, because lost pieces would improve the result.
   */
  async whole(pieces: number, { joinsText = false } = {}): Promise<void> {
    if (!this.writableFinished) await once(this, 'finish');
    const last = Buffer.concat(this.#last);
    const ending = last.toString().slice(-200);
    const isEnded = /\[DONE\]|"done":true|"message_stop"/.test(ending) || last.subarray(-tail.length).equals(tail);
    if (this.#bytes < pieces * (joinsText ? minTextPerPiece : minBytesPerPiece) || !isEnded) {
      throw new Error(`an answer of ${pieces} pieces is incomplete; it ended after ${this.#bytes} bytes: …${ending}`);
    }
  }
}
