import { defaultModels } from './app-options.ts';

export const usage = `npm run synth -- [ENDPOINT…] [options]     writes the templates and assets to deploy/cdk.out, offline
npm run deploy -- ENDPOINT [options]       creates or updates the stack of the endpoint
npm run deploy -- bootstrap [--region …]   prepares an account and a Region for CDK, once

ENDPOINT is one of
  function-url       a Function URL that streams
  web-function       a Web Function: streams many responses in one process, and bills only active CPU
  rest-api           a REST API; a streamed answer is one JSON array and may take 29 seconds
  rest-api-stream    a REST API that streams

  --models LIST          the models to allow: model ids, inference-profile ids or ARNs, separated by commas; in Regions
                         of the United States and Europe also Anthropic's own names, such as claude-sonnet-5
                         (${defaultModels.join(',')})
                         ID@REGION+REGION limits a geographic profile to these Regions
                         ARN=ID names the model or profile behind an application inference profile
  --every-model          allow all models of Bedrock
  --auth METHOD          token: Secrets Manager generates a token (default)
                         secret: requires --secret-arn ARN
                         iam: callers sign requests with AWS credentials
                         jwt: requires --jwt-issuer URL and --jwt-audience NAME
                         none: any caller has access
  --cors-origins LIST    origins separated by commas, * (default), or off
  --bedrock-region NAME  the Region to call Bedrock in (default: the Region of the stack)
  --memory MB            memory of the function (512; a Web Function has 2,048)
  --timeout SECONDS      timeout of the function (900; 29 for rest-api)
  --concurrency N        requests in one process of a Web Function, 1 to 128 (64)
  --max-environments N   processes of a Web Function, at least 2 (the quota of the account)
  --limits FILE          limits of callers, teams and everyone, as JSON; adds a DynamoDB table (docs/limits.md)
  --dashboard            add a CloudWatch dashboard
  --firewall             add AWS WAF to a REST API
  --alarm-topic ARN      an SNS topic that receives alarms about failures
  --region NAME          the Region to deploy to (default: AWS_REGION or the Region of the profile)
  --profile NAME         the AWS CLI profile to deploy with (default: AWS_PROFILE)
  --help                 print this help`;
