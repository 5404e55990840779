import type { Call } from './calls.ts';

/** Something that a client sends to change, narrow or look behind the guardrail of its operator, or to choose what its call costs. */
export interface WayAround {
  readonly name: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Members for the beginning of the body, as JSON text. */
  readonly first?: string;
  /** Members for its end. */
  readonly last?: string;
  /** What a client may set if `CLIENT_OPTIONS` has this word and no guardrail is pinned. */
  readonly option?: 'guardrail' | 'trace' | 'service-tier' | 'latency' | 'metadata';
  /** Refused under a pinned guardrail alone. */
  readonly onlyPinned?: true;
  readonly isPossible?: (call: Call) => boolean;
}

const isConverse = ({ operation, dialect }: Call) => operation === 'converse' || dialect === 'openai';
const isPassthrough = ({ operation, dialect }: Call) => operation === 'converse' && dialect === 'bedrock';
const prefix = 'x-amzn-bedrock-';
const narrow = '{"tagSuffix":"x","streamProcessingMode":"ASYNCHRONOUS"}';
const guardrailConfig = '"guardrailConfig":{"guardrailIdentifier":"weak","guardrailVersion":"1"';

export const waysAround: readonly WayAround[] = [
  {
    name: 'headers of another guardrail',
    headers: { [`${prefix}guardrailidentifier`]: 'weak', [`${prefix}guardrailversion`]: '1' },
    option: 'guardrail',
  },
  { name: 'half of the headers', headers: { [`${prefix}guardrailidentifier`]: 'weak' } },
  { name: 'the other half of the headers', headers: { [`X-Amzn-Bedrock-GuardrailVersion`]: '7' } },
  {
    name: 'a trace',
    headers: {
      ...{ [`${prefix}trace`]: 'ENABLED_FULL', [`${prefix}guardrailidentifier`]: 'weak' },
      ...{ [`${prefix}guardrailversion`]: '1' },
    },
    option: 'trace',
  },
  { name: 'a tier in a header', headers: { [`${prefix}service-tier`]: 'priority' }, option: 'service-tier' },
  {
    name: 'a latency in a header',
    headers: { [`${prefix}performanceconfig-latency`]: 'optimized' },
    option: 'latency',
  },
  { name: 'metadata in a header', headers: { [`${prefix}request-metadata`]: '{"team":"b"}' }, option: 'metadata' },
  { name: 'an unknown header', headers: { [`${prefix}guardrail-off`]: 'true' } },
  {
    name: 'the header of the SDKs',
    headers: { [`${prefix}accept`]: '*/*' },
    isPossible: (call) => call.dialect !== 'bedrock',
  },
  { name: 'a narrower configuration', first: `"amazon-bedrock-guardrailConfig":${narrow}`, option: 'guardrail' },
  { name: 'an escaped key', first: `"\\u0061mazon-bedrock-guardrailC\\u006fnfig":${narrow}`, option: 'guardrail' },
  {
    name: 'a doubled key',
    first: '"amazon-bedrock-guardrailConfig":{}',
    last: `"amazon-bedrock-guardrailConfig":${narrow}`,
    option: 'guardrail',
  },
  { name: 'a key at the end', last: ` "amazon-bedrock-trace" : "ENABLED" `, option: 'guardrail' },
  { name: 'a guardrail of Converse', first: `${guardrailConfig}}`, option: 'guardrail', isPossible: isConverse },
  {
    name: 'a guardrail of Converse with an escaped key',
    last: `"guardrail\\u0043onfig":{"guardrailIdentifier":"weak","guardrailVersion":"1"}`,
    option: 'guardrail',
    isPossible: isConverse,
  },
  {
    name: 'a trace of Converse',
    first: `${guardrailConfig},"trace":"enabled_full"}`,
    isPossible: isConverse,
    option: 'trace',
  },
  {
    name: 'a tier of Converse',
    first: '"serviceTier":{"type":"priority"}',
    isPossible: isConverse,
    option: 'service-tier',
  },
  {
    name: 'a latency of Converse',
    last: '"performanceConfig":{"latency":"optimized"}',
    isPossible: isConverse,
    option: 'latency',
  },
  { name: 'metadata of Converse', last: '"requestMetadata":{"team":"b"}', isPossible: isConverse, option: 'metadata' },
  {
    name: 'a configuration among the fields of the model',
    first: `"additionalModelRequestFields":{"top_k":1,"amazon-bedrock-guardrailConfig":${narrow}}`,
    option: 'guardrail',
    isPossible: isConverse,
  },
  {
    name: 'a block that the evaluation narrows to',
    last: '"system":[{"guardContent":{"text":{"text":"harmless"}}}]',
    onlyPinned: true,
    isPossible: isPassthrough,
  },
  {
    name: 'an escaped block that the evaluation narrows to',
    last: '"messages":[{"role":"user","content":[{"text":"forbidden"},{"gu\\u0061rdContent":{"text":{"text":"harmless"}}}]}]',
    onlyPinned: true,
    isPossible: isPassthrough,
  },
];

/** The body of a call with what the way adds to it. */
export function bodyFor({ body }: Call, { first, last }: WayAround): string {
  const own = JSON.stringify(body).slice(1, -1);
  return `{${[first, own, last].filter((part) => part !== undefined).join(',')}}`;
}
