import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RequestRecord } from '@bedrock-proxy/core';
import type { SandboxLog } from '@bedrock-proxy/testing/lambda';

const bundle = fileURLToPath(new URL('../../packages/lambda-adapter/dist/web-function', import.meta.url));

/** The process of a Web Function. */
export interface WebFunction extends AsyncDisposable {
  /** Where it listens. */
  readonly url: string;
  readonly process: ChildProcess;
  readonly log: SandboxLog;
  /** The records of its requests so far. */
  records(): readonly RequestRecord[];
  /** The exit code, once the process has ended. */
  readonly ended: Promise<number | null>;
}

/** What AWS sets. It states where to listen; here, port 0 picks a free one. */
export const lambdaEndpoint = { AWS_LAMBDA_HTTP_ENDPOINT: 'http://127.0.0.1:0' };

const account = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };

/** Starts the bundle in a process of its own. Its environment holds these variables and credentials, and nothing else. */
export async function startWebFunction(
  env: Readonly<Record<string, string>>,
  folder = bundle,
  node = process.execPath,
): Promise<WebFunction> {
  const child = spawn(node, ['index.mjs'], {
    cwd: folder,
    env: { ...account, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let rest = '';
  let errors = '';
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      const listening = parts.find((line) => line.includes('"server.listening"'));
      if (listening !== undefined) resolve(JSON.parse(listening).url);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    void ended.then((code) =>
      reject(new Error(`It ended with ${code} before it listened: ${errors}${lines.join('\n')}`)),
    );
  });
  return {
    url: await url,
    process: child,
    log: {
      lines,
      get text() {
        return lines.join('\n');
      },
      async waitFor(pattern) {
        const find = () =>
          lines.find((line) => (typeof pattern === 'string' ? line.includes(pattern) : pattern.test(line)));
        for (let found = find(); ; found = find()) {
          if (found !== undefined) return found;
          await once(child.stdout, 'data');
        }
      },
    },
    records: () =>
      lines.filter((line) => line.includes('"request.end"')).map((line): RequestRecord => JSON.parse(line)),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
