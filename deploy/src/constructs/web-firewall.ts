import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { DeploymentError } from '../deployment-error.ts';

/** Options of the firewall. */
export interface FirewallOptions {
  /** The maximum number of requests of one IP address in five minutes, at least 10. By default 1,000. */
  readonly requestsPerFiveMinutes?: number;
}

/** Props of `WebFirewall`. */
export interface WebFirewallProps extends FirewallOptions {
  readonly stage: Stage;
}

/** Rules that only count matches, because normal prompts are long and contain markup, file names and host names. */
const countedInBodies = [
  'SizeRestrictions_BODY',
  'CrossSiteScripting_BODY',
  'GenericLFI_BODY',
  'GenericRFI_BODY',
  'EC2MetaDataSSRF_BODY',
];

/** AWS WAF for a REST API: the managed core rules, the IP reputation rules, and a rate limit for each IP address. */
export class WebFirewall extends Construct {
  constructor(scope: Construct, id: string, { stage, requestsPerFiveMinutes = 1_000 }: WebFirewallProps) {
    super(scope, id);
    if (!Number.isInteger(requestsPerFiveMinutes) || requestsPerFiveMinutes < 10) {
      throw new DeploymentError(
        `requestsPerFiveMinutes must be a whole number of at least 10, not ${requestsPerFiveMinutes}.`,
      );
    }
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('Firewall'),
      rules: [
        rateRule(requestsPerFiveMinutes, 0),
        managedRule('AWSManagedRulesAmazonIpReputationList', 1),
        managedRule('AWSManagedRulesCommonRuleSet', 2, countedInBodies),
      ],
    });
    new CfnWebACLAssociation(this, 'Association', { resourceArn: stage.stageArn, webAclArn: acl.attrArn });
  }
}

function rateRule(limit: number, priority: number): CfnWebACL.RuleProperty {
  return {
    name: 'RequestRate',
    priority,
    action: { block: { customResponse: { responseCode: 429 } } },
    statement: { rateBasedStatement: { limit, aggregateKeyType: 'IP', evaluationWindowSec: 300 } },
    visibilityConfig: visibility('RequestRate'),
  };
}

function managedRule(name: string, priority: number, counted: readonly string[] = []): CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    visibilityConfig: visibility(name),
  };
}

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
