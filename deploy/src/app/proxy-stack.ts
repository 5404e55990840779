import { type App, CfnOutput, Duration, type Environment, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { CallerAuth } from '../constructs/caller-auth.ts';
import { FunctionUrlProxy } from '../constructs/function-url-proxy.ts';
import type { CommonProxyProps } from '../constructs/proxy-props.ts';
import { RestApiProxy } from '../constructs/rest-api-proxy.ts';
import { WebFunctionProxy } from '../constructs/web-function-proxy.ts';
import type { AppAuth, AppOptions, Front } from './app-options.ts';

const kinds: Readonly<Record<Front, string>> = {
  'function-url': 'FunctionUrl',
  'web-function': 'WebFunction',
  'rest-api': 'RestApi',
  'rest-api-stream': 'RestApiStream',
};

/** The stack name of an endpoint. `name` replaces its beginning. */
export function stackName(front: Front, name = 'BedrockProxy'): string {
  return name + kinds[front];
}

/**
 * A stack with one endpoint of the proxy. The outputs are the URL, the function name and a command that prints the
 * token.
 */
export class ProxyStack extends Stack {
  constructor(app: App, front: Front, options: AppOptions, env: Environment = {}) {
    super(app, stackName(front, options.name), { env, description: `bedrock-proxy, ${front}` });
    const proxy = this.#createFront(front, options);
    new CfnOutput(this, 'Url', { value: proxy.url, description: 'The URL that clients send POST requests to' });
    const name = proxy instanceof WebFunctionProxy ? proxy.function.webFunctionName : proxy.function.functionName;
    new CfnOutput(this, 'FunctionName', { value: name });
    if (proxy.limitsTable) {
      new CfnOutput(this, 'LimitsTable', {
        value: proxy.limitsTable.tableName,
        description: 'npm run usage -- --table shows what callers have used',
      });
    }
    if (proxy.secret && 'generatedToken' in options.auth) {
      new CfnOutput(this, 'ReadToken', {
        value: `aws secretsmanager get-secret-value --region ${this.region} --secret-id ${proxy.secret.secretArn} --query SecretString --output text`,
        description: 'Prints the bearer token. The caller needs permission to read the secret.',
      });
    }
  }

  #createFront(front: Front, options: AppOptions): FunctionUrlProxy | RestApiProxy | WebFunctionProxy {
    const common = this.#commonPropsOf(options);
    const { concurrency, processConcurrency, maxEnvironments, memorySize } = options;
    if (front === 'web-function') {
      return new WebFunctionProxy(this, 'WebFunction', {
        ...common,
        ...(processConcurrency !== undefined && { concurrency: processConcurrency }),
        ...(maxEnvironments !== undefined && { maxEnvironments }),
      });
    }
    const props = {
      ...common,
      ...(memorySize !== undefined && { memorySize }),
      ...(concurrency !== undefined && { reservedConcurrency: concurrency }),
    };
    if (front === 'function-url') return new FunctionUrlProxy(this, 'FunctionUrl', props);
    return new RestApiProxy(this, 'RestApi', {
      ...props,
      responseMode: front === 'rest-api-stream' ? 'stream' : 'buffered',
      ...(options.hasFirewall && { firewall: {} }),
    });
  }

  #commonPropsOf({
    auth,
    models,
    aliases,
    guardrail,
    corsOrigins,
    bedrockRegion,
    timeoutSeconds,
    environment,
    alarmTopicArn,
    hasDashboard,
    limits,
  }: AppOptions): CommonProxyProps {
    return {
      models,
      auth: this.#authOf(auth),
      ...(aliases !== undefined && { aliases }),
      ...(guardrail && { guardrail }),
      ...(corsOrigins !== undefined && { corsOrigins }),
      ...(bedrockRegion !== undefined && { bedrockRegion }),
      ...(timeoutSeconds !== undefined && { timeout: Duration.seconds(timeoutSeconds) }),
      ...(environment !== undefined && { environment }),
      ...(hasDashboard && { dashboard: true }),
      ...(limits && { limits }),
      ...(alarmTopicArn !== undefined && { alarms: { topic: Topic.fromTopicArn(this, 'AlarmTopic', alarmTopicArn) } }),
    };
  }

  #authOf(auth: AppAuth): CallerAuth {
    if (!('secretArn' in auth)) return auth;
    return { secret: Secret.fromSecretCompleteArn(this, 'Tokens', auth.secretArn) };
  }
}
