import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startScript } from './run-script.ts';

export interface LocalServer extends AsyncDisposable {
  /** Without a trailing slash. */
  readonly url: string;
}

/** Starts the server of `npm start`: the built bundles behind every endpoint, with an emulated Bedrock. */
export async function startLocalServer(env: Readonly<Record<string, string>> = {}): Promise<LocalServer> {
  const child = startScript('local/src/main.ts', [], { PORT: '0', ...env });
  if (child.stdout === null) throw new Error('The server has no output.');
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  for await (const line of createInterface(child.stdout)) {
    const [, url] = /^listening on (http:\/\/localhost:\d+)$/.exec(line) ?? [];
    if (url === undefined) continue;
    return {
      url,
      async [Symbol.asyncDispose]() {
        const ended = once(child, 'close');
        child.kill('SIGKILL');
        await ended;
      },
    };
  }
  throw new Error(`The server ended before it listened: ${errors}`);
}
