import { Duration } from 'aws-cdk-lib';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { type FunctionUrl, FunctionUrlAuthType, type IFunction, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { TokenSecret } from './caller-auth.ts';
import { FailureAlarms, urlServerErrors } from './failure-alarms.ts';
import type { LimitsTable } from './limits-table.ts';
import { ProxyFunction } from './proxy-function.ts';
import type { ProxyProps } from './proxy-props.ts';

/** Props of `FunctionUrlProxy`. */
export type FunctionUrlProxyProps = ProxyProps;

/** The proxy behind a Function URL that streams. CORS of the URL is off, because the function answers preflights. */
export class FunctionUrlProxy extends Construct {
  readonly function: IFunction;
  /** The URL that clients send POST requests to. */
  readonly url: string;
  /** The secret with the bearer tokens. Present only if `auth` is `generatedToken` or `secret`. */
  readonly secret?: TokenSecret;
  /** The table of limits. Present only if there are limits. */
  readonly limitsTable?: LimitsTable;
  readonly #functionUrl: FunctionUrl;

  constructor(scope: Construct, id: string, props: FunctionUrlProxyProps) {
    super(scope, id);
    const proxy = new ProxyFunction(this, 'Proxy', props, {
      bundle: 'function-url',
      timeout: props.timeout ?? Duration.minutes(15),
    });
    // With NONE, CDK also adds both permissions that a public URL needs. Without them, the URL answers 403.
    this.#functionUrl = proxy.function.addFunctionUrl({
      authType: proxy.auth.isCheckedByAws ? FunctionUrlAuthType.AWS_IAM : FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode.RESPONSE_STREAM,
    });
    this.function = proxy.function;
    this.url = this.#functionUrl.url;
    if (proxy.auth.secret) this.secret = proxy.auth.secret;
    if (proxy.limitsTable) this.limitsTable = proxy.limitsTable;
    if (props.alarms) {
      const serverErrors = urlServerErrors(proxy.function);
      const counts = { function: proxy.function, serverErrors };
      new FailureAlarms(this, 'Alarms', { ...props.alarms, ...proxy, owner: proxy.function, counts });
    }
  }

  /** Allows an AWS principal to call the URL. Needed only if `auth` is `iam`. */
  grantInvoke(grantee: IGrantable): Grant {
    return this.#functionUrl.grantInvokeUrl(grantee);
  }
}
