import { once } from 'node:events';
import { Writable } from 'node:stream';

const megabyte = 1_000_000;
/** The word that every answer's text begins with. */
const marker = 'tok';

/** The reader of an answer: takes everything, and checks that it is whole. */
export class AnswerSink extends Writable {
  firstTextAt = Number.NaN;
  peakMemory = 0;
  readonly #pauseMs: number;
  readonly #samplesMemory: boolean;
  #bytes = 0;
  #sampledAt = 0;
  #hasPaused = false;
  #events = 0;
  #ending = '';

  constructor({ pauseMs = 0, sampleMemory = false } = {}) {
    super({ decodeStrings: true });
    this.#pauseMs = pauseMs;
    this.#samplesMemory = sampleMemory;
  }

  override _write(piece: Buffer, _encoding: string, taken: () => void): void {
    if (Number.isNaN(this.firstTextAt) && piece.includes(marker)) this.firstTextAt = performance.now();
    this.#bytes += piece.length;
    this.#ending = (this.#ending + piece.toString('latin1', Math.max(piece.length - 200, 0))).slice(-200);
    for (let at = piece.indexOf(marker); at >= 0; at = piece.indexOf(marker, at + 1)) this.#events++;
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

  /** Waits for the end. Throws where the answer lacks text or its terminal: a loss is no saving. */
  async whole(pieces: number): Promise<void> {
    if (!this.writableFinished) await once(this, 'finish');
    const least = Math.floor(pieces / 20);
    if (this.#events < least || !/\[DONE\]|"done":true|"finish"/.test(this.#ending)) {
      throw new Error(`an answer of ${pieces} pieces broke off: ${this.#events} marked ones, …${this.#ending}`);
    }
  }
}
