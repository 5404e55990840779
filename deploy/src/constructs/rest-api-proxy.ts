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
import type { TokenSecret } from './caller-auth.ts';
import { FailureAlarms } from './failure-alarms.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import { judgeApi } from './judge-api.ts';
import { ProxyFunction } from './proxy-function.ts';
import type { ProxyProps } from './proxy-props.ts';
import { type FirewallOptions, WebFirewall } from './web-firewall.ts';

/** The props of a proxy behind a REST API. */
export interface RestApiProxyProps extends ProxyProps {
  /**
   * `stream`: Server-Sent Events, an answer may take 15 minutes. `buffered`: a stream is one JSON array, and a `timeout` above 29 seconds
   * needs a raised quota of the account.
   */
  readonly responseMode: 'buffered' | 'stream';
  /** The first segment of the path; by default `prod`. */
  readonly stageName?: string;
  /** The segment that clients POST to; by default `bedrock`. */
  readonly resourceName?: string;
  /** AWS WAF in front of the API; by default none. */
  readonly firewall?: FirewallOptions;
}

/** The proxy behind a Regional REST API with Lambda proxy integration: POST and OPTIONS on one resource, and `/health`. */
export class RestApiProxy extends Construct {
  readonly function: IFunction;
  readonly api: RestApi;
  /** What clients POST to. */
  readonly url: string;
  /** Where the token is, or the tokens are, where there are any. */
  readonly secret?: TokenSecret;
  readonly #post: Method;

  constructor(scope: Construct, id: string, props: RestApiProxyProps) {
    super(scope, id);
    const { resourceName = 'bedrock', stageName = 'prod' } = props;
    judgeApi(props.responseMode, stageName, resourceName);
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
    });
    // RestApi puts an output of its own into the stack, of a URL that answers nothing.
    this.api.node.tryRemoveChild('Endpoint');

    const integration = new LambdaIntegration(proxy.function, {
      responseTransferMode: isStreaming ? ResponseTransferMode.STREAM : ResponseTransferMode.BUFFERED,
      timeout,
      allowTestInvoke: false,
    });
    const resource = this.api.root.addResource(resourceName);
    this.#post = resource.addMethod('POST', integration, {
      authorizationType: proxy.auth.isCheckedByAws ? AuthorizationType.IAM : AuthorizationType.NONE,
    });
    // A browser signs no preflight, and whoever watches has no token: both are without credentials by design.
    resource.addMethod('OPTIONS', integration, { authorizationType: AuthorizationType.NONE });
    this.api.root.addResource('health').addMethod('GET', integration, { authorizationType: AuthorizationType.NONE });
    addGatewayResponses(this.api, props.corsOrigins);

    this.function = proxy.function;
    this.url = this.api.urlForPath(resource.path);
    if (proxy.auth.secret) this.secret = proxy.auth.secret;
    if (props.firewall) new WebFirewall(this, 'Firewall', { ...props.firewall, stage: this.api.deploymentStage });
    if (props.alarms) {
      const serverErrors = this.api.metricServerError({ statistic: Stats.SUM, period: Duration.minutes(5) });
      new FailureAlarms(this, 'Alarms', { ...props.alarms, ...proxy, function: proxy.function, serverErrors });
    }
  }

  /** Lets an AWS principal call the API, where `auth` is `iam`. */
  grantInvoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: [this.#post.methodArn],
    });
  }
}
