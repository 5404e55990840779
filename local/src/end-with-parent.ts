interface ParentWatch {
  readonly readParentId: () => number;
  readonly onGone: () => void;
  readonly everyMs?: number;
}

/** Calls `onGone` once this process has another parent than at the start: whoever started it is gone. Holds no process open. */
export function endWithParent({ readParentId, onGone, everyMs = 500 }: ParentWatch): void {
  const parent = readParentId();
  const timer = setInterval(() => {
    if (readParentId() === parent) return;
    clearInterval(timer);
    onGone();
  }, everyMs);
  timer.unref();
}
