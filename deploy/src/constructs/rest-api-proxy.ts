import { Duration } from 'aws-cdk-lib';
import {
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  type Method,
  ResponseTransferMode,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { addGatewayResponses } from './add-gateway-responses.ts';
import type { TokenSecret } from './caller-auth.ts';
import { FailureAlarms } from './failure-alarms.ts';
import type { LimitsTable } from './limits-table.ts';
import { ProxyFunction } from './proxy-function.ts';
import type { ProxyProps } from './proxy-props.ts';
import { validateApi } from './validate-api.ts';
import { type FirewallOptions, WebFirewall } from './web-firewall.ts';

/** Props of `RestApiProxy`. */
export interface RestApiProxyProps extends ProxyProps {
  /**
   * `stream`: a streamed answer is sent as Server-Sent Events and may take 15 minutes. `buffered`: a streamed answer is
   * sent as one JSON array. A `timeout` above 29 seconds requires a higher account quota.
   */
  readonly responseMode: 'buffered' | 'stream';
  /** The first path segment. By default `prod`. */
  readonly stageName?: string;
  /** The path segment that clients send POST requests to. By default `bedrock`. */
  readonly resourceName?: string;
  /** Options of AWS WAF. By default, the API has no firewall. */
  readonly firewall?: FirewallOptions;
}

/**
 * The proxy behind a Regional REST API with Lambda proxy integration. One resource has POST and OPTIONS, and so have the
 * paths of Bedrock's own API below `/model`, and those of OpenAI and Anthropic below `/v1`. `/v1` and `/health` have GET.
 */
export class RestApiProxy extends Construct {
  readonly function: IFunction;
  readonly api: RestApi;
  /** The URL that clients send POST requests to. */
  readonly url: string;
  /** The secret with the bearer tokens. Present only if `auth` is `generatedToken` or `secret`. */
  readonly secret?: TokenSecret;
  /** The table of limits. Present only if there are limits. */
  readonly limitsTable?: LimitsTable;
  readonly #methods: readonly Method[];

  constructor(scope: Construct, id: string, props: RestApiProxyProps) {
    super(scope, id);
    const { resourceName = 'bedrock', stageName = 'prod' } = props;
    validateApi(props.responseMode, stageName, resourceName);
    const isStreaming = props.responseMode === 'stream';
    const timeout = props.timeout ?? (isStreaming ? Duration.minutes(15) : Duration.seconds(29));
    const proxy = new ProxyFunction(this, 'Proxy', props, {
      bundle: isStreaming ? 'api-gateway-stream' : 'api-gateway',
      timeout,
      ...(!isStreaming && { environment: { GATEWAY_TIMEOUT_MS: String(timeout.toMilliseconds()) } }),
    });
    this.api = new RestApi(this, 'Api', {
      restApiName: this.node.path,
      description: 'Amazon Bedrock behind a URL',
      endpointTypes: [EndpointType.REGIONAL],
      deployOptions: { stageName },
      cloudWatchRole: false,
      // Event streams are binary, and AWS SDKs send no Accept header by which API Gateway could tell.
      ...(!isStreaming && { binaryMediaTypes: ['*/*'] }),
    });
    // RestApi adds an output with the root URL, which has no method.
    this.api.node.tryRemoveChild('Endpoint');

    const integration = new LambdaIntegration(proxy.function, {
      responseTransferMode: isStreaming ? ResponseTransferMode.STREAM : ResponseTransferMode.BUFFERED,
      timeout,
      allowTestInvoke: false,
    });
    const resource = this.api.root.addResource(resourceName);
    const models = this.api.root.addResource('model').addResource('{proxy+}');
    const versioned = this.api.root.addResource('v1').addResource('{proxy+}');
    const authorizationType = proxy.auth.isCheckedByAws ? AuthorizationType.IAM : AuthorizationType.NONE;
    const resources = [resource, models, versioned];
    this.#methods = [
      ...resources.map((each) => each.addMethod('POST', integration, { authorizationType })),
      versioned.addMethod('GET', integration, { authorizationType }),
    ];
    // Browsers do not sign preflights, and health checks have no token.
    for (const each of resources) {
      each.addMethod('OPTIONS', integration, { authorizationType: AuthorizationType.NONE });
    }
    this.api.root.addResource('health').addMethod('GET', integration, { authorizationType: AuthorizationType.NONE });
    addGatewayResponses(this.api, props.corsOrigins);

    this.function = proxy.function;
    this.url = this.api.urlForPath(resource.path);
    if (proxy.auth.secret) this.secret = proxy.auth.secret;
    if (proxy.limitsTable) this.limitsTable = proxy.limitsTable;
    if (props.firewall) new WebFirewall(this, 'Firewall', { ...props.firewall, stage: this.api.deploymentStage });
    if (props.alarms) {
      const serverErrors = this.api.metricServerError({ statistic: Stats.SUM, period: Duration.minutes(5) });
      const counts = { function: proxy.function, serverErrors };
      new FailureAlarms(this, 'Alarms', { ...props.alarms, ...proxy, owner: proxy.function, counts });
    }
  }

  /** Allows an AWS principal to call the API. Needed only if `auth` is `iam`. */
  grantInvoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: this.#methods.map(({ methodArn }) => methodArn),
    });
  }
}
