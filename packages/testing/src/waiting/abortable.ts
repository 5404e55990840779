/**
 * A promise that `start` settles, unless `signal` aborts first: then it rejects at once with the signal's reason.
 * Either way it calls what `start` returned, to release timers and the like. `start` settles later, not while it runs.
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

/** Waits `ms` milliseconds on the global timer, which a test may fake. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return abortable(signal, (resolve) => {
    const timer = setTimeout(resolve, ms);
    return () => clearTimeout(timer);
  });
}

/** Waits for nothing but the abort. */
export function hang(signal: AbortSignal): Promise<never> {
  return abortable(signal, () => undefined);
}
