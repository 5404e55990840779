import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs a script in a new process whose environment is only `env`. Resolves with the first message that the script
 * sends. Rejects if it ends without a message.
 */
export async function runChild<Message>(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Message> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, {
    ...{ env, execArgv: ['--expose-gc'], stdio: ['ignore', 'ignore', 'pipe', 'ipc'], timeout: 120_000 },
  });
  let errors = '';
  child.stderr?.on('data', (piece) => {
    errors += piece;
  });
  let message: Message | undefined;
  child.once('message', (sent) => {
    message = sent as Message;
  });
  const [code] = await once(child, 'close');
  if (message === undefined) throw new Error(`${script} ${args.join(' ')} ended with ${code}: ${errors}`);
  return message;
}
