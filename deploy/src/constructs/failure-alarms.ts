import { Duration } from 'aws-cdk-lib';
import { Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** What is watched, and who is told. */
export interface FailureAlarmsProps {
  readonly topic: ITopic;
  readonly function: IFunction;
  readonly logGroup: ILogGroup;
  /** The front's own count of answers with status 500 and above. */
  readonly serverErrors: Metric;
}

interface Threshold {
  readonly count: number;
  readonly description: string;
}

const period = Duration.minutes(5);

/** The count of 5xx answers of a function's URL. */
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

/** Alarms over five minutes: the function crashed or was throttled, the front answered 5xx, answers ended in an error. */
export class FailureAlarms extends Construct {
  readonly #topic: ITopic;

  constructor(scope: Construct, id: string, props: FailureAlarmsProps) {
    super(scope, id);
    this.#topic = props.topic;
    // A stream that fails after its head has status 200: only the log knows.
    const failedAnswers = props.logGroup.addMetricFilter('FailedAnswers', {
      metricNamespace: 'BedrockProxy/Log',
      metricName: `${props.function.node.addr}-failed-answers`,
      filterPattern: FilterPattern.literal('{ $.event = "request.end" && $.terminal = "error" }'),
    });
    this.#add('Crashes', props.function.metricErrors({ period }), {
      count: 1,
      description: 'The function crashed or ran into its timeout',
    });
    this.#add('Throttles', props.function.metricThrottles({ period }), {
      count: 1,
      description: 'Lambda refused requests: the concurrency is used up',
    });
    this.#add('ServerErrors', props.serverErrors, { count: 5, description: 'Answers with status 500 and above' });
    this.#add('FailedAnswers', failedAnswers.metric({ statistic: Stats.SUM, period }), {
      count: 5,
      description: 'Answers that ended in an error, whatever their status',
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
