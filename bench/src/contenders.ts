import { fileURLToPath } from 'node:url';

/** One handler that is measured, as the folder of a bundle that is deployed. */
export interface Contender {
  readonly name: string;
  readonly folder: string;
  /** The kind of event it serves. */
  readonly event: 'function-url' | 'rest';
  /** Whether it writes to a response stream; otherwise it returns its answer. */
  readonly streams: boolean;
}

const folder = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Ours first; ratios are to `naive`. */
export const contenders: readonly Contender[] = [
  {
    name: 'Function URL',
    folder: folder('packages/lambda-adapter/dist/lambda'),
    event: 'function-url',
    streams: true,
  },
  {
    name: 'REST stream',
    folder: folder('packages/apigw-adapter/dist/lambda-stream'),
    event: 'rest',
    streams: true,
  },
  {
    name: 'REST buffered',
    folder: folder('packages/apigw-adapter/dist/lambda'),
    event: 'rest',
    streams: false,
  },
  { name: 'naive', folder: folder('bench/dist/naive'), event: 'function-url', streams: true },
  { name: 'lean', folder: folder('bench/dist/lean'), event: 'function-url', streams: true },
  { name: 'Hono + AI SDK', folder: folder('bench/dist/hono-ai-sdk'), event: 'function-url', streams: true },
];
