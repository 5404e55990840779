import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Sees the network reads of a function that was started with `environment`. */
export interface ReadWatch extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>;
  /** The answer up to the end of each read of the function, in bytes, since `restart`. */
  readonly offsets: readonly number[];
  /** Begins with a new answer. All reads of the last one must have been reported. */
  restart(): void;
  /** Resolves once the function has read so many bytes. */
  hasRead(bytes: number): Promise<void>;
}

/** Starts to listen for the reports of one function. */
export async function startReadWatch(): Promise<ReadWatch> {
  let offsets: number[] = [];
  let wake = (): void => {};
  const server = createServer((socket) => {
    let rest = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) offsets.push((offsets.at(-1) ?? 0) + Number(line));
      wake();
    });
    socket.on('error', () => {});
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    environment: {
      NODE_OPTIONS: `--import ${new URL('report-reads.mjs', import.meta.url)}`,
      REPORT_READS_TO: String(port),
    },
    get offsets() {
      return offsets;
    },
    restart() {
      offsets = [];
    },
    async hasRead(bytes) {
      while ((offsets.at(-1) ?? 0) < bytes) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
