/** What a sandbox has printed so far, stdout and stderr in the order in which they came. */
export interface SandboxLog {
  readonly text: string;
  /** Whole lines; one that is still being printed is left out. */
  readonly lines: readonly string[];
  /** Resolves with the first line, past or to come, that matches. Rejects when the sandbox is closed first. */
  waitFor(pattern: RegExp | string): Promise<string>;
}

/** The sandbox's side of its log. */
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
