import { defaultModels } from './app-options.ts';

export const usage = `npm run synth  [-- FRONT…] [options]     writes the templates and their assets to deploy/cdk.out, offline
npm run deploy -- FRONT [options]        creates or updates the stack of that front
npm run deploy -- bootstrap [--region …] prepares an account and Region for CDK, once

FRONT is one of
  function-url       a Function URL that streams
  rest-api           a REST API; a stream is one JSON array, 29 seconds at most
  rest-api-stream    a REST API that streams

  --models LIST          model ids, inference-profile ids or ARNs, separated by commas
                         (${defaultModels.join(',')})
                         ID@REGION+REGION: only these Regions behind a geographic profile
                         ARN=ID: what an application inference profile is made from
  --every-model          grant every model that Bedrock has
  --auth HOW             token: Secrets Manager makes one up (default) · secret, with --secret-arn ARN
                         iam · jwt, with --jwt-issuer URL and --jwt-audience NAME · none: open to everyone
  --cors-origins LIST    origins separated by commas, * (default), or off
  --bedrock-region NAME  where Bedrock is called, if elsewhere
  --memory MB            512
  --timeout SECONDS      900; 29 for rest-api
  --firewall             AWS WAF before a REST API
  --alarm-topic ARN      an SNS topic that hears of failures
  --region NAME          where to deploy; by default AWS_REGION, or that of the profile
  --profile NAME         of the AWS CLI, for deploy; by default AWS_PROFILE
  --help                 print this`;
