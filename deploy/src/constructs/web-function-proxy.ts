import { Duration, Names } from 'aws-cdk-lib';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { WebFunction, WebFunctionAuthType, WebFunctionCode, WebFunctionRuntime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { bundleFile } from './bundle-code.ts';
import type { TokenSecret } from './caller-auth.ts';
import { createFunctionParts } from './create-function-parts.ts';
import { FailureAlarms } from './failure-alarms.ts';
import { functionEnvironment } from './function-environment.ts';
import type { LimitsTable } from './limits-table.ts';
import { ProxyDashboard } from './proxy-dashboard.ts';
import type { CommonProxyProps } from './proxy-props.ts';
import { validateCommonProps, validateInteger } from './validate-props.ts';

/** Props of `WebFunctionProxy`. AWS fixes the runtime, the architecture and the memory of a Web Function. */
export interface WebFunctionProxyProps extends CommonProxyProps {
  /** The maximum number of requests in one process, from 1 to 128. By default 64. */
  readonly concurrency?: number;
  /** The maximum number of processes, at least 2. By default, the account's quota applies. */
  readonly maxEnvironments?: number;
  /** The maximum number of requests a second: 0 stops all requests. By default, the account's quota applies. */
  readonly rateLimit?: number;
}

/** The proxy as a Web Function, which serves many requests in one process and bills only active CPU. */
export class WebFunctionProxy extends Construct {
  readonly function: WebFunction;
  /** The URL that clients send POST requests to. */
  readonly url: string;
  /** The secret with the bearer tokens. Present only if `auth` is `generatedToken` or `secret`. */
  readonly secret?: TokenSecret;
  /** The table of limits. Present only if there are limits. */
  readonly limitsTable?: LimitsTable;

  constructor(scope: Construct, id: string, given: WebFunctionProxyProps) {
    super(scope, id);
    validateWebProps(given);
    const { props, auth, logGroup, role, limitsTable, environment } = createFunctionParts(this, given);
    const timeout = props.timeout ?? Duration.minutes(15);
    const webFunctionName = Names.uniqueResourceName(this, { maxLength: 64, allowedSpecialCharacters: '-_' });
    const { maxEnvironments, rateLimit } = props;
    this.function = new WebFunction(this, 'Function', {
      webFunctionName,
      revisionDescription: 'Amazon Bedrock behind a URL',
      runtime: WebFunctionRuntime.NODEJS_24_X,
      code: WebFunctionCode.fromAssetToManagedBucket(bundleFile('web-function', props.bundle)),
      entryPoint: 'index.mjs',
      timeout,
      role,
      logGroup,
      environment: functionEnvironment(props, {
        ...environment,
        // AWS tells the process neither.
        ...{ FUNCTION_NAME: webFunctionName, REQUEST_TIMEOUT_MS: String(timeout.toMilliseconds()) },
      }),
      ...(props.concurrency !== undefined && { maxConcurrencyPerEnvironment: props.concurrency }),
      defaultEndpointAuth: auth.isCheckedByAws ? WebFunctionAuthType.IAM_AUTH : WebFunctionAuthType.APPLICATION_MANAGED,
      defaultEndpoint: {
        ...(maxEnvironments !== undefined && { maxEnvironments }),
        ...(rateLimit !== undefined && { rateLimit }),
      },
    });
    this.url = `https://${this.function.endpoint.domainName}/`;
    if (auth.secret) this.secret = auth.secret;
    if (limitsTable) this.limitsTable = limitsTable;
    if (props.dashboard) new ProxyDashboard(this, 'Dashboard', webFunctionName);
    if (props.alarms) new FailureAlarms(this, 'Alarms', { ...props.alarms, logGroup, owner: this.function });
  }

  /** Allows an AWS principal to call the URL. Needed only if `auth` is `iam`. */
  grantInvoke(grantee: IGrantable): Grant {
    return this.function.endpoint.grants.invoke(grantee);
  }
}

function validateWebProps(props: WebFunctionProxyProps): void {
  validateCommonProps(props);
  const { concurrency, maxEnvironments, rateLimit } = props;
  if (concurrency !== undefined) validateInteger('concurrency', concurrency, 1, 128, 'requests');
  if (maxEnvironments !== undefined) validateInteger('maxEnvironments', maxEnvironments, 2, 100_000, 'processes');
  if (rateLimit !== undefined) validateInteger('rateLimit', rateLimit, 0, 10_000, 'requests a second');
}
