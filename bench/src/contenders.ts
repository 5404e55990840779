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

const folder = (name: string): string => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));

/** Ours first; ratios are to `naive`. */
export const contenders: readonly Contender[] = [
  {
    name: 'Function URL',
    folder: folder('function-url'),
    event: 'function-url',
    streams: true,
  },
  {
    name: 'REST stream',
    folder: folder('rest-stream'),
    event: 'rest',
    streams: true,
  },
  {
    name: 'REST buffered',
    folder: folder('rest-buffered'),
    event: 'rest',
    streams: false,
  },
  { name: 'naive', folder: folder('naive'), event: 'function-url', streams: true },
  { name: 'lean', folder: folder('lean'), event: 'function-url', streams: true },
  { name: 'Hono + AI SDK', folder: folder('hono-ai-sdk'), event: 'function-url', streams: true },
];
