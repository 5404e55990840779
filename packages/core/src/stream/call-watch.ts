import { ProxyError } from '../errors/proxy-error.js';

/** How long a call may take, in milliseconds. */
export interface CallLimits {
  /** From the send, retries included, to the first batch of a stream. */
  readonly firstEventTimeoutMs: number;
  /** Between batches; also how long a reader may leave a write waiting. */
  readonly idleTimeoutMs: number;
  /** From now to the end of everything; absent: no end. */
  readonly deadlineMs?: number;
}

/**
 * What is waited for, which decides the limit that holds. Under `unbounded` the deadline alone does; so it does under `over`, where the
 * invoker has nothing left to give, and nothing that could be aborted.
 */
export type CallPhase = 'first-event' | 'between-events' | 'unbounded' | 'over';

/** Why a call is given up when its reader is the cause: nobody is left to be told. */
export class ReaderGone extends Error {
  readonly code: 'client_closed' | 'client_stalled';

  constructor(code: 'client_closed' | 'client_stalled') {
    super(code === 'client_closed' ? 'the client left' : 'the client stopped reading');
    this.code = code;
  }
}

/** Why a call is aborted that nobody waits for any more. One for all: an error of its own for each call would mean a stack for each. */
const abandoned = new ReaderGone('client_closed');

/** Watches one call: aborts it, down to the socket, when a limit passes or its caller gives up. */
export interface CallWatch {
  /** What the invoker is given. Aborts on giving up, and on `close` where the call is not over. */
  readonly signal: AbortSignal;
  /** Names what begins now. The limit of the phase counts from here. */
  enter(phase: CallPhase): void;
  /** A write begins: until `endWrite` the phase stands still, and the reader has the idle limit to take what is written. */
  beginWrite(): void;
  /** The write is over: the phase goes on from where it stood. */
  endWrite(): void;
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
 * Watches a call for `callerSignal`, too; `reasonOf` says what its abort is called on this side.
 *
 * One timer serves all limits: it compares timestamps when it fires, and events only write them down. A timer or a race for each
 * event would be most of what streaming costs.
 */
export function watchCall(
  limits: CallLimits,
  callerSignal?: AbortSignal,
  reasonOf = ({ reason }: AbortSignal): unknown => reason,
): CallWatch {
  const abort = new AbortController();
  const deadlineAt = limits.deadlineMs === undefined ? Infinity : performance.now() + limits.deadlineMs;
  let phase: CallPhase = 'unbounded';
  let phaseBegan = performance.now();
  let writeBegan: number | undefined;
  let wakeAt = Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerDue = Infinity;
  let isOpen = true;
  let waiter: { wake(): void; giveUp(reason: unknown): void } | undefined;

  const limitEnds = (): number => {
    if (writeBegan !== undefined) return writeBegan + limits.idleTimeoutMs;
    if (phase === 'unbounded' || phase === 'over') return Infinity;
    return phaseBegan + (phase === 'first-event' ? limits.firstEventTimeoutMs : limits.idleTimeoutMs);
  };

  function arm(): void {
    const due = Math.min(deadlineAt, limitEnds(), wakeAt);
    if (due >= timerDue || !isOpen) return;
    clearTimeout(timer);
    timerDue = due;
    // A longer delay than this would overflow setTimeout and fire at once.
    timer = setTimeout(compare, Math.min(Math.max(due - performance.now(), 0), 2 ** 31 - 1));
  }

  function compare(): void {
    timerDue = Infinity;
    const now = performance.now();
    if (now >= deadlineAt) giveUp(new ProxyError('deadline_exceeded'));
    else if (now >= limitEnds())
      giveUp(writeBegan === undefined ? timeoutOf(phase, limits) : new ReaderGone('client_stalled'));
    else if (now >= wakeAt) {
      wakeAt = Infinity;
      waiter?.wake();
    }
    arm();
  }

  function giveUp(reason: unknown): void {
    stop();
    abort.abort(reason);
    waiter?.giveUp(reason);
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
      const waiting = { wake: () => resolve('awake'), giveUp: reject };
      waiter = waiting;
      const settle =
        <Outcome>(outcome: (value: Outcome) => void) =>
        (value: Outcome) => {
          // The waiter holds what its promise settled with, a whole batch, as long as it is held itself.
          if (waiter === waiting) waiter = undefined;
          outcome(value);
        };
      // Also where the call was given up already: a rejection of `work` must not go unheard.
      work.then(settle(resolve), settle(reject));
      if (!isOpen) reject(abort.signal.reason);
      wakeAt = wake;
      arm();
    });
  }

  return {
    signal: abort.signal,
    enter(next) {
      phase = next;
      phaseBegan = performance.now();
      arm();
    },
    beginWrite() {
      writeBegan = performance.now();
      arm();
    },
    endWrite() {
      if (writeBegan === undefined) return;
      phaseBegan += performance.now() - writeBegan;
      writeBegan = undefined;
      arm();
    },
    wait,
    close() {
      if (!isOpen) return;
      stop();
      // Aborting costs something even where nobody listens.
      if (phase !== 'over') abort.abort(abandoned);
    },
  };
}

function timeoutOf(phase: CallPhase, limits: CallLimits): ProxyError {
  const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;
  return new ProxyError('upstream_timeout', {
    message:
      phase === 'first-event'
        ? `The model sent nothing for ${seconds(limits.firstEventTimeoutMs)}. Send again, or ask for less.`
        : `The model fell silent for ${seconds(limits.idleTimeoutMs)}. What was received is incomplete; send again.`,
  });
}
