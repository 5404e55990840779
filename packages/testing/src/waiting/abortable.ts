/**
 * Creates a promise that `start` settles. If `signal` aborts first, the promise rejects at once with the signal's reason.
 * In both cases it calls the function that `start` returned, which releases timers and listeners. `start` must not settle it synchronously.
 */
export function abortable<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void, reject: (reason: unknown) => void) => (() => void) | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    let release: (() => void) | undefined;
    const onAbort = () => {
      release?.();
      reject(signal.reason);
    };
    const done = () => {
      signal.removeEventListener('abort', onAbort);
      release?.();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    release = start(
      (value) => {
        done();
        resolve(value);
      },
      (reason) => {
        done();
        reject(reason);
      },
    );
  });
}

/** Waits `ms` milliseconds with the global timer, which a test can fake. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return abortable(signal, (resolve) => {
    const timer = setTimeout(resolve, ms);
    return () => clearTimeout(timer);
  });
}

/** Waits until the signal aborts. */
export function hang(signal: AbortSignal): Promise<never> {
  return abortable(signal, () => undefined);
}
