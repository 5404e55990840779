import { Duration } from 'aws-cdk-lib';
import { Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** The function to watch and the topic to notify. */
export interface FailureAlarmsProps {
  readonly topic: ITopic;
  readonly function: IFunction;
  readonly logGroup: ILogGroup;
  /** The endpoint's count of responses with status 500 or higher. */
  readonly serverErrors: Metric;
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
 * ended with an error.
 */
export class FailureAlarms extends Construct {
  readonly #topic: ITopic;

  constructor(scope: Construct, id: string, props: FailureAlarmsProps) {
    super(scope, id);
    this.#topic = props.topic;
    // A stream that fails after its headers has status 200, so only the log shows the failure.
    const failedAnswers = props.logGroup.addMetricFilter('FailedAnswers', {
      metricNamespace: 'BedrockProxy/Log',
      metricName: `${props.function.node.addr}-failed-answers`,
      filterPattern: FilterPattern.literal('{ $.event = "request.end" && $.terminal = "error" }'),
    });
    this.#add('Crashes', props.function.metricErrors({ period }), {
      count: 1,
      description: 'The function crashed or timed out',
    });
    this.#add('Throttles', props.function.metricThrottles({ period }), {
      count: 1,
      description: 'Lambda throttled requests because the concurrency limit was reached',
    });
    this.#add('ServerErrors', props.serverErrors, { count: 5, description: 'Responses with status 500 or higher' });
    this.#add('FailedAnswers', failedAnswers.metric({ statistic: Stats.SUM, period }), {
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
