import type { RequestRecord } from '../proxy/request-account.js';
import { modelVendor } from './model-vendor.js';

const namespace = 'BedrockProxy';
const dimensionSets = [['FunctionName'], ['FunctionName', 'ModelFamily'], ['FunctionName', 'StatusClass']];

const throttled: ReadonlySet<unknown> = new Set(['throttled', 'quota_exceeded']);
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
  return (record) => {
    if (!isCounted(record)) return;
    const metrics = metricsOf(record).filter((metric): metric is Metric<number> => metric.value !== undefined);
    writeLine(
      JSON.stringify({
        _aws: {
          Timestamp: Date.now(),
          CloudWatchMetrics: [
            {
              Namespace: namespace,
              Dimensions: dimensionSets,
              Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
            },
          ],
        },
        FunctionName: functionName,
        ModelFamily: modelVendor(record.modelId),
        StatusClass: `${Math.floor(record.status / 100)}xx`,
        ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
      }),
    );
  };
}

interface Metric<Value extends number | undefined = number | undefined> {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds';
  readonly value: Value;
}

/** What was answered well though nobody was let in needed no model: health checks and preflights. */
function isCounted({ principal, code }: RequestRecord): boolean {
  return principal !== null || code !== undefined;
}

function metricsOf(record: RequestRecord): readonly Metric[] {
  const { status, terminal, code } = record;
  const brokeOff = terminal === 'error' && status < 400;
  return [
    count('Requests', 1),
    count('Errors', status >= 500 || brokeOff ? 1 : 0),
    count('Throttled', throttled.has(code) ? 1 : 0),
    count('AuthRejected', refused.has(code) ? 1 : 0),
    count('InputTokens', record.inputTokens),
    count('OutputTokens', record.outputTokens),
    count('CacheReadTokens', record.cacheReadTokens),
    count('CacheWriteTokens', record.cacheWriteTokens),
    milliseconds('TimeToFirstText', record.firstTextMs),
    milliseconds('Duration', record.durationMs),
  ];
}

function count(name: string, value: number | undefined): Metric {
  return { name, unit: 'Count', value };
}

function milliseconds(name: string, value: number | undefined): Metric {
  return { name, unit: 'Milliseconds', value };
}
