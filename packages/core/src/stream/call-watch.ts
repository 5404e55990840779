import { ProxyError } from '../errors/proxy-error.js';

/** How long a call may take. */
export interface CallLimits {
  /** Milliseconds from the send, retries included, to the first batch of a stream. */
  readonly firstEventTimeoutMs: number;
  /** Milliseconds between batches; also how long a reader may leave a write waiting. */
  readonly idleTimeoutMs: number;
  /** When everything must be over, on the clock of `performance.now()`; absent: never. */
  readonly deadlineAt?: number;
}

/** The limits that apply if a caller names none. */
export const defaultCallLimits = { firstEventTimeoutMs: 300_000, idleTimeoutMs: 300_000 } as const satisfies CallLimits;

/**
 * Which timeout applies beside the deadline, and whether `close` aborts.
 * - `first-event`: `firstEventTimeoutMs`, from the send to the first batch
 * - `between-events`: `idleTimeoutMs`
 * - `whole-answer`: the timeout that `enter` names
 * - `unbounded`: none
 * - `over`: none; the invoker has nothing left to give, so `close` aborts nothing
 */
export type CallPhase = 'first-event' | 'between-events' | 'whole-answer' | 'unbounded' | 'over';

/** The reason for giving a call up if its reader is the cause: nobody is left to tell. */
export class ReaderGone extends Error {
  readonly code: 'client_closed' | 'client_stalled';

  constructor(code: 'client_closed' | 'client_stalled') {
    super(code === 'client_closed' ? 'the client left' : 'the client stopped reading');
    this.code = code;
  }
}

/** The abort reason of a call that nobody waits for any more. One object for all calls: an error for each would cost a stack for each. */
const abandoned = new ReaderGone('client_closed');

/** Watches one call: aborts it, down to the socket, when a limit passes or its caller gives up. */
export interface CallWatch {
  /** For the invoker. Aborts when the call is given up, and on `close` unless the call is over. */
  readonly signal: AbortSignal;
  /** Begins a phase. Its timeout counts from here; `timeoutMs` is the timeout of `whole-answer`. */
  enter(phase: CallPhase, timeoutMs?: number): void;
  /** Begins a write. Until `endWrite` the clock of the phase stands still, and the reader has the idle timeout to take the piece. */
  beginWrite(): void;
  /** Ends a write. The clock of the phase goes on. Returns the time, on the clock of `performance.now()`. */
  endWrite(): number;
  /**
   * Settles as `work` does, but rejects at once when the call is given up, even if `work` never settles.
   * With `wakeAt` (on the clock of `performance.now()`) it resolves to `'awake'` at that time. One wait at a time.
   */
  wait<T>(work: Promise<T>): Promise<T>;
  wait<T>(work: Promise<T>, wakeAt: number): Promise<T | 'awake'>;
  /** Ends the watch: no timer is left, and the call is aborted if it was still open. Safe to repeat. */
  close(): void;
}

/**
 * Watches a call, and `callerSignal` with it; `reasonOf` translates the reason of its abort.
 *
 * One timer serves all limits: it compares timestamps when it fires, and events only note them. A timer or a race for each event would
 * be most of what streaming costs.
 */
export function watchCall(
  limits: CallLimits,
  callerSignal?: AbortSignal,
  reasonOf = ({ reason }: AbortSignal): unknown => reason,
): CallWatch {
  const abort = new AbortController();
  const { deadlineAt = Infinity } = limits;
  let phase: CallPhase = 'unbounded';
  let phaseTimeoutMs = Infinity;
  let phaseBegan = performance.now();
  let writeBegan: number | undefined;
  let wakeAt = Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerDue = Infinity;
  let isOpen = true;
  let waiter: { resolve(value: 'awake'): void; reject(reason: unknown): void } | undefined;

  const limitEnds = (): number => {
    return writeBegan === undefined ? phaseBegan + phaseTimeoutMs : writeBegan + limits.idleTimeoutMs;
  };

  function arm(): void {
    const due = Math.min(deadlineAt, limitEnds(), wakeAt);
    if (due >= timerDue || !isOpen) return;
    clearTimeout(timer);
    timerDue = due;
    // A longer delay than this would overflow setTimeout and fire at once. Node cuts off a fraction, and would fire before the limit.
    timer = setTimeout(compare, Math.min(Math.ceil(Math.max(due - performance.now(), 0)), 2 ** 31 - 1));
  }

  function compare(): void {
    timerDue = Infinity;
    const now = performance.now();
    if (now >= deadlineAt) giveUp(new ProxyError('deadline_exceeded'));
    else if (now >= limitEnds())
      giveUp(writeBegan === undefined ? timeoutOf(phase, phaseTimeoutMs) : new ReaderGone('client_stalled'));
    else if (now >= wakeAt) {
      wakeAt = Infinity;
      waiter?.resolve('awake');
    }
    arm();
  }

  function giveUp(reason: unknown): void {
    stop();
    abort.abort(reason);
    waiter?.reject(reason);
  }

  function stop(): void {
    isOpen = false;
    clearTimeout(timer);
    callerSignal?.removeEventListener('abort', onCallerAbort);
  }

  function onCallerAbort(this: AbortSignal): void {
    giveUp(reasonOf(this));
  }

  if (callerSignal?.aborted) giveUp(reasonOf(callerSignal));
  else callerSignal?.addEventListener('abort', onCallerAbort);

  function wait<T>(work: Promise<T>): Promise<T>;
  function wait<T>(work: Promise<T>, wake: number): Promise<T | 'awake'>;
  function wait<T>(work: Promise<T>, wake = Infinity): Promise<T | 'awake'> {
    return new Promise((resolve, reject) => {
      const waiting = { resolve, reject };
      waiter = waiting;
      // A waiter that is held keeps the value of its promise alive: a whole batch.
      const release = () => {
        if (waiter === waiting) waiter = undefined;
      };
      // Also if the call was given up already: a rejection of `work` must be handled.
      work.then(
        (value) => {
          release();
          resolve(value);
        },
        (error) => {
          release();
          reject(error);
        },
      );
      if (!isOpen) reject(abort.signal.reason);
      wakeAt = wake;
      arm();
    });
  }

  return {
    signal: abort.signal,
    enter(next, timeoutMs = Infinity) {
      phase = next;
      phaseTimeoutMs =
        next === 'first-event'
          ? limits.firstEventTimeoutMs
          : next === 'between-events'
            ? limits.idleTimeoutMs
            : timeoutMs;
      // To ask for the time costs more than all the rest here.
      if (phaseTimeoutMs < Infinity) phaseBegan = performance.now();
      arm();
    },
    beginWrite() {
      writeBegan = performance.now();
      arm();
    },
    endWrite() {
      const now = performance.now();
      if (writeBegan !== undefined) {
        phaseBegan += now - writeBegan;
        writeBegan = undefined;
        arm();
      }
      return now;
    },
    wait,
    close() {
      stop();
      // An abort costs time even if nobody listens.
      if (phase !== 'over') abort.abort(abandoned);
    },
  };
}

function timeoutOf(phase: CallPhase, timeoutMs: number): ProxyError {
  const seconds = `${Math.round(timeoutMs / 100) / 10} s`;
  return new ProxyError('upstream_timeout', {
    message:
      phase === 'between-events'
        ? `The model sent nothing more for ${seconds}. The answer is incomplete. Send again.`
        : `The model sent nothing for ${seconds}. Send again, or ask for less.`,
  });
}
