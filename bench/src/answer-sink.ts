import { once } from 'node:events';
import { Writable } from 'node:stream';

const megabyte = 1_000_000;
/** The word that every answer's text begins with. */
const marker = 'tok';
/** No contender writes a piece in fewer. */
const leastBytes = 25;

/** The reader of an answer: takes everything, and checks that it is whole. */
export class AnswerSink extends Writable {
  firstTextAt = Number.NaN;
  peakMemory = 0;
  readonly #pauseMs: number;
  readonly #samplesMemory: boolean;
  #bytes = 0;
  #sampledAt = 0;
  #hasPaused = false;
  #last: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];

  constructor({ pauseMs = 0, sampleMemory = false } = {}) {
    super({ decodeStrings: true });
    this.#pauseMs = pauseMs;
    this.#samplesMemory = sampleMemory;
  }

  override _write(piece: Buffer, _encoding: string, taken: () => void): void {
    if (Number.isNaN(this.firstTextAt) && piece.includes(marker)) this.firstTextAt = performance.now();
    this.#bytes += piece.length;
    // Once a piece: what the reader itself costs is in every number.
    this.#last = [this.#last[1], piece];
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

  /** Waits for the end. Throws where the answer is too short or lacks its terminal: a loss is no saving. */
  async whole(pieces: number): Promise<void> {
    if (!this.writableFinished) await once(this, 'finish');
    const ending = Buffer.concat(this.#last).toString().slice(-200);
    if (this.#bytes < pieces * leastBytes || !/\[DONE\]|"done":true/.test(ending)) {
      throw new Error(`an answer of ${pieces} pieces broke off after ${this.#bytes} bytes: …${ending}`);
    }
  }
}
