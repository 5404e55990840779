import type { ProxyError } from '../../errors/proxy-error.js';
import type { AnthropicDialectOptions } from './anthropic-dialect-options.js';
import { betaTable } from './beta-table.js';
import { modelNames } from './model-names.js';
import type { ShapeRules } from './shape-request.js';

const defaultDropFields = ['context_management', 'service_tier', 'speed'];

/** What the calls of one dialect share. */
export interface CallContext {
  readonly rules: ShapeRules;
  /** The Bedrock id for a name. Throws `model_not_found` for a name that stands for none. */
  readonly idOf: (name: string) => string;
  /** Models that refused a beta: they are asked without any, for a while. */
  readonly withoutBetas: RefusedModels;
  /** Models that refused to count: the proxy estimates for them, for a while. */
  readonly withoutCount: RefusedModels;
}

export function createCallContext(options: AnthropicDialectOptions): CallContext {
  return {
    rules: { betaFor: betaTable(options), dropFields: new Set(options.dropFields ?? defaultDropFields) },
    idOf: modelNames(options),
    withoutBetas: refusedModels(),
    withoutCount: refusedModels(),
  };
}

/** Whether the model refused the request for a beta that it does not know. It never names which. */
export function refusesBeta(error: ProxyError): boolean {
  return error.code === 'upstream_validation' && /invalid beta flag/i.test(upstreamSentence(error));
}

/** The host's own sentence, before it was cleaned. */
export function upstreamSentence({ cause, message }: ProxyError): string {
  return cause instanceof Error ? cause.message : message;
}

const memoryMs = 600_000;
/** Clients choose the names: without a limit they could fill the memory. */
const mostModels = 1_000;

/** Models that refused something, remembered for 10 minutes. */
export interface RefusedModels {
  add(modelId: string): void;
  has(modelId: string): boolean;
}

export function refusedModels(): RefusedModels {
  const until = new Map<string, number>();
  return {
    add(modelId) {
      until.delete(modelId);
      const [oldest] = until.keys();
      if (until.size >= mostModels && oldest !== undefined) until.delete(oldest);
      until.set(modelId, performance.now() + memoryMs);
    },
    has: (modelId) => performance.now() < (until.get(modelId) ?? -Infinity),
  };
}
