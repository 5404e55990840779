import { fileURLToPath } from 'node:url';

/** A handler to measure. `folder` contains its deployable bundle. */
export interface Contender {
  readonly name: string;
  readonly folder: string;
  /** The kind of event that the handler expects. */
  readonly event: 'function-url' | 'rest';
  /** The API that is spoken to the handler; by default the native one. */
  readonly dialect?: 'anthropic' | 'bedrock' | 'openai';
  /** Whether the handler writes to a response stream. Otherwise it returns its answer. */
  readonly streams: boolean;
  /** Variables in addition to those of every contender. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The measures that it takes part in; by default all. */
  readonly only?: readonly string[];
}

const folder = (name: string): string => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));

/** Aliases with several targets, Regions and weights, of which the measured requests ask none. */
const aliases = {
  sonnet: {
    targets: [
      { model: 'us.anthropic.claude-sonnet-4-6', region: 'us-east-1', weight: 3 },
      { model: 'eu.anthropic.claude-sonnet-4-6', region: 'eu-west-1', weight: 1 },
    ],
    firstEventTimeoutMs: 10_000,
  },
};

/** The first eight are ours. Ratios are relative to `naive`. */
export const contenders: readonly Contender[] = [
  {
    name: 'Function URL',
    folder: folder('function-url'),
    event: 'function-url',
    streams: true,
  },
  {
    name: 'Function URL, Bedrock',
    folder: folder('function-url'),
    event: 'function-url',
    dialect: 'bedrock',
    streams: true,
  },
  {
    name: 'Function URL, Anthropic',
    folder: folder('function-url'),
    event: 'function-url',
    dialect: 'anthropic',
    streams: true,
  },
  {
    name: 'Function URL, OpenAI',
    folder: folder('function-url'),
    event: 'function-url',
    dialect: 'openai',
    streams: true,
  },
  {
    name: 'Function URL, a plain id beside aliases',
    folder: folder('function-url'),
    event: 'function-url',
    environment: { MODEL_ALIASES: JSON.stringify(aliases) },
    streams: true,
  },
  {
    // Two conditional writes for each call, to a table that answers at once.
    name: 'Function URL, one limit',
    folder: folder('function-url'),
    event: 'function-url',
    streams: true,
    environment: { LIMITS_TABLE: 'limits', LIMITS: '{"each":{"concurrent":1000}}', LIMITS_TIMEOUT_MS: '20000' },
    only: ['request', 'firstText'],
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
  { name: 'byte pipe', folder: folder('byte-pipe'), event: 'function-url', dialect: 'bedrock', streams: true },
  { name: 'Hono + AI SDK', folder: folder('hono-ai-sdk'), event: 'function-url', streams: true },
  {
    name: 'Portkey, OpenAI',
    folder: folder('portkey'),
    event: 'function-url',
    dialect: 'openai',
    streams: true,
    // It loses pieces of long answers, and its start shows a progress bar for a second.
    only: ['answers', 'request', 'firstText'],
  },
];
