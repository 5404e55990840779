import { Duration } from 'aws-cdk-lib';
import { Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';

/** The function to watch and the topic to notify. */
export interface FailureAlarmsProps {
  readonly topic: ITopic;
  /** The function. The metrics of its log are named after it. */
  readonly owner: IConstruct;
  readonly logGroup: ILogGroup;
  /** What AWS counts. CDK does not know the metrics of a Web Function. */
  readonly counts?: {
    readonly function: IFunction;
    /** The endpoint's count of responses with status 500 or higher. */
    readonly serverErrors: Metric;
  };
}

interface Threshold {
  readonly count: number;
  readonly description: string;
}

const period = Duration.minutes(5);

/** The number of 5xx responses of a Function URL. */
export function urlServerErrors({ functionName }: IFunction): Metric {
  const dimensionsMap = { FunctionName: functionName };
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName: 'Url5xxCount',
    dimensionsMap,
    statistic: Stats.SUM,
    period,
  });
}

/**
 * Alarms over periods of five minutes: the function crashed, Lambda throttled it, the endpoint returned 5xx, or answers
 * ended with an error. Without the counts of AWS, only the last two.
 */
export class FailureAlarms extends Construct {
  readonly #topic: ITopic;

  constructor(scope: Construct, id: string, { topic, owner, logGroup, counts }: FailureAlarmsProps) {
    super(scope, id);
    this.#topic = topic;
    const countLines = (metric: string, name: string, condition: string): Metric =>
      logGroup
        .addMetricFilter(metric, {
          metricNamespace: 'BedrockProxy/Log',
          metricName: `${owner.node.addr}-${name}`,
          filterPattern: FilterPattern.literal(`{ $.event = "request.end" && ${condition} }`),
        })
        .metric({ statistic: Stats.SUM, period });
    if (counts) {
      this.#add('Crashes', counts.function.metricErrors({ period }), {
        count: 1,
        description: 'The function crashed or timed out',
      });
      this.#add('Throttles', counts.function.metricThrottles({ period }), {
        count: 1,
        description: 'Lambda throttled requests because the concurrency limit was reached',
      });
    }
    this.#add('ServerErrors', counts?.serverErrors ?? countLines('ServerErrors', 'server-errors', '$.status >= 500'), {
      count: 5,
      description: 'Responses with status 500 or higher',
    });
    // A stream that fails after its headers has status 200, so only the log shows the failure.
    this.#add('FailedAnswers', countLines('FailedAnswers', 'failed-answers', '$.terminal = "error"'), {
      count: 5,
      description: 'Answers that ended with an error, with any status',
    });
  }

  #add(id: string, metric: Metric, { count, description }: Threshold): void {
    metric
      .createAlarm(this, id, {
        alarmDescription: `bedrock-proxy: ${description}`,
        threshold: count,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      })
      .addAlarmAction(new SnsAction(this.#topic));
  }
}
