import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs a script in a fresh process whose only environment is `env`, its standard output thrown away, and resolves to the first message
 * that it sends. Rejects where it ends without one.
 */
export async function runChild<Message>(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Message> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, {
    ...{ env, execArgv: ['--expose-gc'], stdio: ['ignore', 'ignore', 'pipe', 'ipc'], timeout: 120_000 },
  });
  let complaint = '';
  child.stderr?.on('data', (piece) => {
    complaint += piece;
  });
  let message: Message | undefined;
  child.once('message', (sent) => {
    message = sent as Message;
  });
  const [code] = await once(child, 'close');
  if (message === undefined) throw new Error(`${script} ${args.join(' ')} ended with ${code}: ${complaint}`);
  return message;
}
