import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { environment } from './invoke.mjs';

/** What one number of streams at once costs the process that serves them all. */
export interface ManyStreams {
  readonly streams: number;
  /** CPU milliseconds of the process for each request. */
  readonly cpuMs: number;
  /** The highest resident memory of the process, in MB. */
  readonly rssMb: number;
  /** From the send of a piece to its arrival, minus the same without a proxy: the 50th and the 99th percentile, in ms. */
  readonly addedMs: { readonly p50: number; readonly p99: number };
}

const widths = [1, 16, 64, 300];
const pieces = 100;
/** A fast model: 20 pieces a second. */
const paceMs = 50;
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
const token = 'bench-token-of-32-characters-000';

/** Measures the bundle of the Web Function as AWS starts it: streams of 5 s at once, in one process. Linux only. */
export async function measureManyStreams(): Promise<readonly ManyStreams[]> {
  const standIn = fork(fileURLToPath(new URL('timed-stand-in.ts', import.meta.url)), { execArgv: [] });
  const [port] = await once(standIn, 'message');
  const { AWS_LAMBDA_FUNCTION_NAME: _, ...env } = environment(Number(port));
  const folder = fileURLToPath(new URL('../dist/web-function', import.meta.url));
  const results: ManyStreams[] = [];
  try {
    for (const streams of widths) {
      const alone = await delaysOf(streams, () => readAlone(Number(port)));
      const proxy = spawn(process.execPath, ['index.mjs'], {
        ...{ cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
        env: { ...env, AWS_LAMBDA_HTTP_ENDPOINT: '127.0.0.1:0', REQUEST_TIMEOUT_MS: '900000', NODE_OPTIONS: '' },
      });
      const url = await listening(proxy);
      await delaysOf(streams, () => readThrough(url, 5));
      const cpuBefore = cpuMsOf(proxy);
      const delays = await delaysOf(streams, () => readThrough(url, pieces));
      results.push({
        streams,
        cpuMs: (cpuMsOf(proxy) - cpuBefore) / streams,
        rssMb: peakMbOf(proxy),
        addedMs: {
          p50: percentile(delays, 0.5) - percentile(alone, 0.5),
          p99: percentile(delays, 0.99) - percentile(alone, 0.99),
        },
      });
      proxy.kill('SIGTERM');
      await once(proxy, 'exit');
    }
  } finally {
    standIn.disconnect();
  }
  return results;
}

export function printManyStreams(results: readonly ManyStreams[]): void {
  console.log(
    `\n| streams at once | CPU ms / request of ${pieces} chunks | peak RSS, MB | added delay of a chunk, ms: p50, p99 |`,
  );
  console.log('|---|---|---|---|');
  for (const { streams, cpuMs, rssMb, addedMs } of results) {
    console.log(
      `| ${streams} | ${cpuMs.toFixed(1)} | ${rssMb.toFixed(0)} | ${addedMs.p50.toFixed(2)}, ${addedMs.p99.toFixed(1)} |`,
    );
  }
}

async function listening({ stdout }: ChildProcess): Promise<string> {
  for (;;) {
    const [text] = await once(stdout as NonNullable<typeof stdout>, 'data');
    const [, url] = /"url":"([^"]+)"/.exec(String(text)) ?? [];
    if (url === undefined) continue;
    stdout?.resume();
    return url;
  }
}

/** The delays of all pieces of so many streams, in milliseconds. */
async function delaysOf(streams: number, read: () => Promise<number[]>): Promise<readonly number[]> {
  return (await Promise.all(Array.from({ length: streams }, read))).flat().sort((one, other) => one - other);
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

const modelId = (count: number) => `anthropic.claude-timed-${count}-${paceMs}`;

async function readThrough(url: string, count: number): Promise<number[]> {
  const body = {
    modelId: modelId(count),
    stream: true,
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 500,
    messages: [],
  };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const delays = await readDelays(new URL(url), headers, JSON.stringify(body));
  if (delays.length !== count) throw new Error(`${delays.length} of ${count} pieces arrived.`);
  return delays;
}

/** Reads the stand-in without a proxy. Its frames hold the text in base64. */
function readAlone(port: number): Promise<number[]> {
  const path = `/model/${modelId(pieces)}/invoke-with-response-stream`;
  return readDelays(new URL(path, `http://127.0.0.1:${port}`), {}, '{}', (bytes) =>
    [...bytes.toString('latin1').matchAll(/"bytes":"([^"]+)"/g)]
      .map(([, encoded = '']) => Buffer.from(encoded, 'base64').toString())
      .join(''),
  );
}

async function readDelays(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  textOf: (bytes: Buffer) => string = String,
): Promise<number[]> {
  const sent = request(url, { agent, method: 'POST', headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const delays: number[] = [];
  for await (const bytes of response) {
    const now = performance.timeOrigin + performance.now();
    for (const [, time] of textOf(bytes).matchAll(/t(\d+\.?\d*);/g)) delays.push(now - Number(time));
  }
  return delays;
}

/** The CPU time of a process so far, from the fields `utime` and `stime`, which count hundredths of a second. */
function cpuMsOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function peakMbOf({ pid }: ChildProcess): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
}
