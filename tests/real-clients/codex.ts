import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codex } from './client-packages.ts';
import { installPackages } from './installed-packages.ts';
import { token } from './start-gateway.ts';

/** An item of the work of Codex, as far as the tests read it. */
interface CodexItem {
  readonly type: string;
  readonly text?: string;
  readonly command?: string;
  readonly aggregated_output?: string;
  readonly exit_code?: number | null;
  readonly changes?: readonly { readonly path: string; readonly kind: string }[];
  readonly message?: string;
}

/** A line of `codex exec --json`. */
interface CodexEvent {
  readonly type: string;
  readonly item?: CodexItem;
  readonly error?: { readonly message: string };
  readonly usage?: { readonly input_tokens: number; readonly output_tokens: number };
}

/** What one run of Codex came to. */
export interface CodexRun {
  readonly code: number | null;
  /** The items that were completed, in order. */
  readonly items: readonly CodexItem[];
  /** Whether Codex took the answer for whole. */
  readonly isFinished: boolean;
  readonly failure: string | undefined;
  readonly usage: CodexEvent['usage'];
}

/** Codex with a home and a folder of its own. */
export interface Codex extends Disposable {
  run(prompt: string, model: string): Promise<CodexRun>;
  /** A file that Codex wrote. */
  read(name: string): string;
}

/** `config` is the text of `config.toml`. */
export async function startCodex(config: string): Promise<Codex> {
  const program = (await installPackages(codex)).program('codex');
  const folder = mkdtempSync(join(tmpdir(), 'codex-'));
  const work = join(folder, 'work');
  mkdirSync(work);
  mkdirSync(join(folder, '.codex'));
  writeFileSync(join(folder, '.codex/config.toml'), config);
  const options = ['--json', '--skip-git-repo-check', '--sandbox', 'danger-full-access'];
  return {
    async run(prompt, model) {
      const child = spawn(program, ['exec', ...options, '--model', model, prompt], {
        cwd: work,
        env: { PATH: process.env.PATH, HOME: folder, PROXY_TOKEN: token },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let output = '';
      child.stdout.on('data', (data: Buffer) => {
        output += data.toString();
      });
      const [code] = await once(child, 'close');
      return readRun(code, output);
    },
    read: (name) => readFileSync(join(work, name), 'utf8'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function readRun(code: number | null, output: string): CodexRun {
  const events: readonly CodexEvent[] = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  const finished = events.find(({ type }) => type === 'turn.completed');
  return {
    code,
    items: events.flatMap(({ type, item }) => (type === 'item.completed' && item ? [item] : [])),
    isFinished: finished !== undefined,
    failure: events.find(({ type }) => type === 'turn.failed')?.error?.message,
    usage: finished?.usage,
  };
}

/** The settings of a provider at this URL. */
export function codexConfig(baseUrl: string, retries: { readonly request: number; readonly stream: number }): string {
  return `
model_provider = "bedrock-proxy"

[model_providers.bedrock-proxy]
name = "bedrock-proxy"
base_url = "${baseUrl}"
env_key = "PROXY_TOKEN"
wire_api = "responses"
request_max_retries = ${retries.request}
stream_max_retries = ${retries.stream}
`;
}
