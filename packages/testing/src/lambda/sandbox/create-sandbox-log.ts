/** The output of a sandbox: stdout and stderr in the order of arrival. */
export interface SandboxLog {
  readonly text: string;
  /** The complete lines. An unfinished line is not included. */
  readonly lines: readonly string[];
  /** Resolves with the first matching line, past or future. Rejects if the sandbox is closed before that. */
  waitFor(pattern: RegExp | string): Promise<string>;
}

/** A log with the functions that the sandbox uses to write it. */
export interface SandboxLogWriter extends SandboxLog {
  append(text: string): void;
  close(): void;
}

interface Watcher {
  readonly pattern: RegExp | string;
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

export function createSandboxLog(): SandboxLogWriter {
  const lines: string[] = [];
  const watchers = new Set<Watcher>();
  let text = '';
  let unfinished = '';

  function matches(line: string, pattern: RegExp | string): boolean {
    return typeof pattern === 'string' ? line.includes(pattern) : line.search(pattern) >= 0;
  }

  function addLine(line: string): void {
    lines.push(line);
    for (const watcher of watchers) {
      if (!matches(line, watcher.pattern)) continue;
      watchers.delete(watcher);
      watcher.resolve(line);
    }
  }

  return {
    get text() {
      return text;
    },
    lines,
    waitFor(pattern) {
      const past = lines.find((line) => matches(line, pattern));
      if (past !== undefined) return Promise.resolve(past);
      return new Promise((resolve, reject) => {
        watchers.add({ pattern, resolve, reject });
      });
    },
    append(piece) {
      text += piece;
      const parts = (unfinished + piece).split('\n');
      unfinished = parts.pop() ?? '';
      for (const line of parts) addLine(line);
    },
    close() {
      for (const { pattern, reject } of watchers) {
        reject(new Error(`The sandbox was closed before it printed a line that matches ${String(pattern)}.`));
      }
      watchers.clear();
    },
  };
}
