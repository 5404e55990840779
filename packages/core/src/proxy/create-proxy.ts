import type { AccessPolicy, ClientOption } from '../access/access-policy.js';
import { readMetadata } from '../access/bedrock-settings.js';
import type { Dialect } from '../dialects/dialect.js';
import { nativeDialect } from '../dialects/native/native-dialect.js';
import { standardDialects } from '../dialects/standard-dialects.js';
import type { CallTracer } from '../ports/call-tracer.js';
import type { Logger } from '../ports/logger.js';
import type { InvokeModelOptions, ModelInvoker } from '../ports/model-invoker.js';
import type { ModelAlias, ModelAliases } from '../routing/model-alias.js';
import { parseAliases } from '../routing/parse-aliases.js';
import { defaultCallLimits } from '../stream/call-watch.js';
import type { RequestRecord } from '../telemetry/request-record.js';

export interface ProxyOptions {
  readonly invoker: ModelInvoker;
  /** Who may call which models. There is no default: `allowAnonymous()` is the open one. */
  readonly access: AccessPolicy;
  /** The APIs that clients may speak, in the order in which they are asked for a route. `standardDialects()` by default. */
  readonly dialects?: readonly Dialect[];
  readonly limits?: Partial<ProxyLimits>;
  /** Settings of Bedrock for every call. A policy's `callOptions` replace them. */
  readonly callOptions?: InvokeModelOptions;
  /** Settings of Bedrock that clients may set themselves, if their policy says nothing else. None by default. */
  readonly clientMaySet?: readonly ClientOption[];
  /** Names for models. They are resolved before a policy decides, so that a policy sees what they stand for. */
  readonly aliases?: ModelAliases;
  /** Model ids for the lists of models that some dialects have. */
  readonly listedModels?: readonly string[];
  /** A pino logger or one like it; by default JSON lines on standard output. */
  readonly logger?: Logger;
  /** Sees the record of every request, and is awaited before the handler returns. Its errors are logged; the client never sees them. */
  readonly onRequestEnd?: (record: RequestRecord) => void | Promise<void>;
  /** Traces each call of a model; `openTelemetryTracer()` is one. A function is asked once, at the first request. */
  readonly tracer?: CallTracer | (() => Promise<CallTracer | undefined>);
  /** How long observers may delay the answer on a front that cannot stream, in milliseconds. 250 by default. */
  readonly observerTimeoutMs?: number;
  /** How long each `settle` of a policy may delay the answer on such a front, in milliseconds. 2,000 by default. */
  readonly settleTimeoutMs?: number;
}

/** The proxy as the adapters take it: its options, checked and complete. */
export interface ModelProxy
  extends Readonly<Omit<ProxyOptions, 'limits' | 'dialects' | 'observerTimeoutMs' | 'aliases'>> {
  readonly aliases?: Readonly<Record<string, ModelAlias>>;
  readonly dialects: readonly Dialect[];
  /** Writes the errors of paths that no dialect has. */
  readonly fallback: Pick<Dialect, 'refuse'>;
  readonly limits: ProxyLimits;
  readonly observerTimeoutMs: number;
}

/**
 * Puts a model host behind a policy. Pass the result to an adapter's handler. Throws a `TypeError` if `invoker` has no `invoke` and
 * `stream`, if `access` is not a function, if an alias is not valid, or if a limit is not a number.
 */
export function createProxy({
  limits,
  dialects,
  aliases,
  observerTimeoutMs = 250,
  ...options
}: ProxyOptions): ModelProxy {
  // For callers without types: a proxy that forgot its model host or its policy must not start.
  const { invoke, stream }: Partial<ModelInvoker> = options.invoker ?? {};
  if (typeof invoke !== 'function' || typeof stream !== 'function') {
    throw new TypeError('createProxy needs invoker, an object with invoke and stream; createBedrockInvoker() is one.');
  }
  if (typeof options.access !== 'function') {
    throw new TypeError(
      'createProxy needs access, a policy that decides who may call; allowAnonymous() is the open one.',
    );
  }
  for (const [name, limit] of Object.entries(limits ?? {})) {
    // A timer with no number would fire at once.
    if (!(limit >= 0)) throw new TypeError(`createProxy needs limits.${name} to be a number of at least 0.`);
  }
  const parsedAliases = aliases && parseAliases(aliases);
  assertSettings(options.callOptions, parsedAliases);
  return {
    ...options,
    ...(parsedAliases && { aliases: parsedAliases }),
    dialects: dialects ?? standardDialects(),
    fallback: nativeDialect(),
    limits: { ...defaultLimits, ...limits },
    observerTimeoutMs,
  };
}

/** Settings that Bedrock would refuse with every call, or that would be skipped without a word, must not start. */
function assertSettings(settings: InvokeModelOptions = {}, aliases: Readonly<Record<string, ModelAlias>> = {}): void {
  const { guardrail, requestMetadata } = settings;
  const fault = requestMetadata && readMetadata(requestMetadata).fault;
  if (fault !== undefined) throw new TypeError(`createProxy: callOptions.requestMetadata ${fault}.`);
  const [name] = Object.entries(aliases).find(([, { targets }]) => targets.some((one) => one.options?.guardrail)) ?? [];
  if (name === undefined || guardrail) return;
  throw new TypeError(
    `The alias ${name}: the guardrail of a target needs one of the proxy, which it replaces in its Region. Set GUARDRAIL, or callOptions.guardrail.`,
  );
}

/** Sizes in bytes and times in milliseconds. */
export interface ProxyLimits {
  /** The largest body, after base64. */
  readonly maxBodyBytes: number;
  /** How long a streaming front waits for the first event before it sends its head and a ping. */
  readonly headWaitMs: number;
  /** How long a stream may be silent before a ping keeps its connection alive. */
  readonly heartbeatMs: number;
  /** From the send, retries included, to the first event. */
  readonly firstEventTimeoutMs: number;
  /** Between events, and for a write that waits for its reader. */
  readonly idleTimeoutMs: number;
  /** How long before the end of the invocation an answer must be over. */
  readonly deadlineMarginMs: number;
}

export const defaultLimits: ProxyLimits = {
  maxBodyBytes: 6_000_000,
  headWaitMs: 5_000,
  heartbeatMs: 10_000,
  ...defaultCallLimits,
  deadlineMarginMs: 2_000,
};
