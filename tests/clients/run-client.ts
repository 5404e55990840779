import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The output of a client, with times. */
export interface ClientRun {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
  /** The pieces of output, each with its time in milliseconds since the start. */
  readonly pieces: readonly { readonly atMs: number; readonly text: string }[];
}

/** Runs a program until it exits, with `input` on its standard input. Rejects if the program is missing. */
export async function runClient(program: string, args: readonly string[], input = ''): Promise<ClientRun> {
  const startedAt = performance.now();
  const child = spawn(program, args, { stdio: 'pipe' });
  const pieces: { atMs: number; text: string }[] = [];
  let errors = '';
  child.stdout.on('data', (data: Buffer) =>
    pieces.push({ atMs: performance.now() - startedAt, text: data.toString() }),
  );
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, output: pieces.map(({ text }) => text).join(''), errors, pieces };
}
