import type { ResponseHeaders } from './http-transport.js';

/** A look at the clock. */
export interface ClockReading {
  /** The time of the server, as far as its answers told. */
  readonly at: Date;
  /** Milliseconds between the machine's clock and `at`. */
  readonly offset: number;
  /** The machine's time, as `Date.now()`. */
  readonly localTime: number;
}

/** The time of a server, as far as its answers tell. */
export interface ServerClock {
  read(): ClockReading;
  /**
   * Corrects the clock by an answer. Returns whether the request was signed for a time so far off that another signature may help.
   *
   * @param time what the answer calls the time, such as its `date`
   * @param headers those of the answer: what a cache answers does not tell the time
   * @param reading what the request was signed with
   */
  correct(time: unknown, headers: ResponseHeaders, reading: ClockReading): boolean;
}

/** Milliseconds. The date of an answer that took longer is not the time any more. */
const longestAnswer = 900_000;
/** Milliseconds. AWS accepts a signature that is five minutes off, and one minute is left for the way. */
const tolerance = 240_000;

/** A clock that follows a server by the rules of the AWS SDK. Without it, no signature of a machine with a wrong clock is accepted. */
export function createServerClock(): ServerClock {
  let offset = 0;
  return {
    read() {
      const localTime = Date.now();
      return { at: new Date(localTime + offset), offset, localTime };
    },
    correct(time, headers, reading) {
      if (typeof time !== 'string' || time === '') return false;
      const serverTime = Date.parse(time);
      const received = Date.now();
      const tells = headers['age'] === undefined && !Number.isNaN(serverTime);
      if (tells && received - reading.localTime <= longestAnswer) offset = serverTime - received;
      return Math.abs(offset) >= tolerance && offset !== reading.offset;
    },
  };
}
