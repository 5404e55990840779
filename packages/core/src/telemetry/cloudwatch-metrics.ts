import { isIntervention } from '../models/bedrock-keys.js';
import { modelVendor } from '../models/model-id.js';
import type { RequestRecord } from './request-record.js';

const namespace = 'BedrockProxy';
const dimensionSets = [['FunctionName'], ['FunctionName', 'ModelFamily'], ['FunctionName', 'StatusClass']];

const throttled: ReadonlySet<unknown> = new Set(['throttled', 'quota_exceeded']);
const limited: ReadonlySet<unknown> = new Set([
  'rate_limited',
  'budget_exceeded',
  'model_not_priced',
  'limits_unavailable',
]);
const refused: ReadonlySet<unknown> = new Set([
  'missing_token',
  'invalid_token',
  'ip_not_allowed',
  'model_not_allowed',
  'stream_not_allowed',
]);

/**
 * An observer for `onRequestEnd` that writes CloudWatch metrics of each request as one line of EMF, which has to reach standard output
 * as it is. Health checks and preflights are not counted.
 */
export function cloudWatchMetrics(
  functionName: string,
  writeLine: (line: string) => void,
): (record: RequestRecord) => void {
  // Only numbers differ from line to line, so most of one is prepared: to build it anew costs more than to write it.
  const place = `]}]},"FunctionName":${JSON.stringify(functionName)},"ModelFamily":"`;
  return (record) => {
    if (!isCounted(record)) return;
    const values = valuesOf(record);
    let line = `{"_aws":{"Timestamp":${Date.now()}${head}`;
    for (const [name, json] of definitions) if (values[name] !== undefined) line += json;
    const vendor = modelVendor(record.servedModelId ?? record.modelId);
    line += `${place}${vendor}","StatusClass":"${Math.floor(record.status / 100)}xx",`;
    writeLine(line + JSON.stringify(values).slice(1));
  };
}

const head = `,"CloudWatchMetrics":[{"Namespace":"${namespace}","Dimensions":${JSON.stringify(dimensionSets)},"Metrics":[`;

/** The metrics and their units, in the order of the line. */
const units = {
  Requests: 'Count',
  Errors: 'Count',
  Throttled: 'Count',
  AuthRejected: 'Count',
  Fallbacks: 'Count',
  GuardrailInterventions: 'Count',
  LimitRefusals: 'Count',
  InputTokens: 'Count',
  OutputTokens: 'Count',
  CacheReadTokens: 'Count',
  CacheWriteTokens: 'Count',
  CostUsd: 'None',
  TimeToFirstText: 'Milliseconds',
  Duration: 'Milliseconds',
} as const;

type Metric = keyof typeof units;

/** Each with the comma that separates it from the one before. The first has none: its value is always known. */
const definitions = Object.entries(units).map(
  ([name, unit], index) => [name as Metric, `${index > 0 ? ',' : ''}{"Name":"${name}","Unit":"${unit}"}`] as const,
);

/** What is not known of a request is undefined, which JSON leaves out. */
type Values = Readonly<Record<Metric, number | undefined>>;

/** What was answered well though nobody was let in needed no model: health checks and preflights. */
function isCounted({ principal, code }: RequestRecord): boolean {
  return principal !== null || code !== undefined;
}

/** Undefined for an answer that no guardrail judged. */
function interventions({ guardrailAction }: RequestRecord): number | undefined {
  if (guardrailAction === undefined) return undefined;
  return isIntervention(guardrailAction) ? 1 : 0;
}

function valuesOf(record: RequestRecord): Values {
  const { status, terminal, code } = record;
  const brokeOff = terminal === 'error' && status < 400;
  return {
    Requests: 1,
    Errors: status >= 500 || brokeOff ? 1 : 0,
    Throttled: throttled.has(code) ? 1 : 0,
    AuthRejected: refused.has(code) ? 1 : 0,
    Fallbacks: record.fallbacks,
    GuardrailInterventions: interventions(record),
    LimitRefusals: limited.has(code) ? 1 : 0,
    InputTokens: record.inputTokens,
    OutputTokens: record.outputTokens,
    CacheReadTokens: record.cacheReadTokens,
    CacheWriteTokens: record.cacheWriteTokens,
    CostUsd: record.costUsd,
    TimeToFirstText: record.firstTextMs,
    Duration: record.durationMs,
  };
}
