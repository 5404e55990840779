import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

const sums = { statistic: Stats.SUM };

/** The widgets, with the metrics that the function writes to its log. */
const widgets: Readonly<Record<string, readonly { readonly name: string; readonly statistic: string }[]>> = {
  'Requests and errors': ['Requests', 'Errors', 'Throttled', 'AuthRejected'].map((name) => ({ name, ...sums })),
  'Time to the first text (ms)': ['p50', 'p90', 'p99'].map((statistic) => ({ name: 'TimeToFirstText', statistic })),
  'Duration (ms)': ['p50', 'p90', 'p99'].map((statistic) => ({ name: 'Duration', statistic })),
  Tokens: ['InputTokens', 'OutputTokens', 'CacheReadTokens', 'CacheWriteTokens'].map((name) => ({ name, ...sums })),
  'Cost (US dollars)': [{ name: 'CostUsd', ...sums }],
  'Refused by limits': [{ name: 'LimitRefusals', ...sums }],
};

/** A dashboard of one function: requests, errors, first text, tokens, cost, limits. */
export class ProxyDashboard extends Construct {
  constructor(scope: Construct, id: string, functionName: string) {
    super(scope, id);
    const metric = ({ name, statistic }: { readonly name: string; readonly statistic: string }) =>
      new Metric({
        namespace: 'BedrockProxy',
        metricName: name,
        dimensionsMap: { FunctionName: functionName },
        statistic,
        period: Duration.minutes(5),
        label: statistic === Stats.SUM ? name : statistic,
      });
    const graphs = Object.entries(widgets).map(
      ([title, metrics]) => new GraphWidget({ title, left: metrics.map(metric), width: 12 }),
    );
    new Dashboard(this, 'Dashboard').addWidgets(...graphs);
  }
}
