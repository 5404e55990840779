import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { DeploymentError } from '../deployment-error.ts';

/** What the firewall lets through. */
export interface FirewallOptions {
  /** Requests of one address in five minutes, from 10; by default 1,000. */
  readonly requestsPerFiveMinutes?: number;
}

/** The firewall's options and what it stands before. */
export interface WebFirewallProps extends FirewallOptions {
  readonly stage: Stage;
}

/** Prompts are long, hold markup and speak of file names and hosts: what these find in a body is counted, not blocked. */
const countedInBodies = [
  'SizeRestrictions_BODY',
  'CrossSiteScripting_BODY',
  'GenericLFI_BODY',
  'GenericRFI_BODY',
  'EC2MetaDataSSRF_BODY',
];

/** AWS WAF before a REST API: the managed core and reputation rules, and a limit for each address. */
export class WebFirewall extends Construct {
  constructor(scope: Construct, id: string, { stage, requestsPerFiveMinutes = 1_000 }: WebFirewallProps) {
    super(scope, id);
    if (!Number.isInteger(requestsPerFiveMinutes) || requestsPerFiveMinutes < 10) {
      throw new DeploymentError(
        `requestsPerFiveMinutes is ${requestsPerFiveMinutes}: give a whole number of at least 10.`,
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
