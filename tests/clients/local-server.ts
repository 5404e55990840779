import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../..');

/** A running server of `npm start`. */
export interface LocalServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** Every line that it has printed so far, on standard output and standard error. */
  readonly said: readonly string[];
  /** Stops the server and resolves to its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Runs the server of `npm start` on a free port. Resolves when it listens. Rejects with its output if it exits before that. */
export async function startLocalServer(
  environment: NodeJS.ProcessEnv = {},
  args: readonly string[] = [],
): Promise<LocalServer> {
  const child = spawn(process.execPath, ['scripts/launch.mjs', 'start', ...args], {
    cwd: root,
    env: { ...process.env, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  const exited = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => {
        said.push(line);
        const listening = /^listening on (http:\/\/localhost:\d+)$/.exec(line);
        if (listening?.[1]) resolve(listening[1]);
      });
    }
    exited.then(([code]) => reject(new Error(`npm start ended with ${code}:\n${said.join('\n')}`)), reject);
  });
  return {
    url,
    process: child,
    said,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}
