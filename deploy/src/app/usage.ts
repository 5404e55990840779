import { defaultModels } from '../../../scripts/models/default-models.mjs';

export const usage = `npm run synth -- [ENDPOINT…] [options]     writes the templates and assets to deploy/cdk.out, offline
npm run deploy -- ENDPOINT [options]       creates or updates the stack of the endpoint
npm run deploy -- diff ENDPOINT [options]  shows what a deployment would change
npm run deploy -- destroy ENDPOINT         deletes the stack of the endpoint, after a question
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
  --every-model          allow all models of Bedrock, including future ones
  --aliases FILE         names for models, in a JSON file with the value of MODEL_ALIASES; each target is allowed in its
                         Region. Without --models, clients can ask for these names only
  --auth METHOD          token: Secrets Manager generates a token (default)
                         secret: your own, --secret-arn ARN: one token, or a JSON array of tokens with their rights
                         jwt: tokens of an OpenID Connect issuer, --jwt-issuer URL and --jwt-audience NAME
                         iam: AWS principals; callers sign each request
                         none: no authentication, the URL is open to everyone
  --guardrail LIST       ARN:VERSION of the guardrail of every call, then of those that token records have instead; the
                         role may call models with these only, and they must belong to the same account
  --guardrail-exempts-tokens
                         a token record exempts its token, so the role demands no guardrail
  --guardrail-key ARN    the KMS key of the guardrails, if it is your own
  --cors-origins LIST    origins separated by commas, * (default), or off
  --bedrock-region NAME  the Region to call Bedrock in (default: the Region of the stack)
  --memory MB            memory of the function (512; a Web Function has 2,048)
  --timeout SECONDS      timeout of the function (900; 29 for rest-api)
  --concurrency N        the maximum number of concurrent requests; 0 stops all requests. A Web Function has instead:
  --process-concurrency N
                         requests in one process of a Web Function, 1 to 128 (64)
  --max-environments N   processes of a Web Function, at least 2 (the quota of the account)
  --limits FILE          limits of callers, teams and everyone, as JSON; adds a DynamoDB table (docs/limits.md)
  --dashboard            add a CloudWatch dashboard: requests, errors, first text, tokens, cost, limits
  --env NAME=VALUE       another variable of docs/configuration.md; may be repeated
  --firewall             add AWS WAF to a REST API, with at most 1,000 requests in five minutes from one IP address
  --alarm-topic ARN      an SNS topic that receives alarms on crashes, throttles, 5xx and failed responses; of a Web
                         Function, on the last two
  --name NAME            begins the name of the stack, for several proxies in one Region (BedrockProxy)
  --region NAME          the Region to deploy to (default: AWS_REGION or the Region of the profile)
  --profile NAME         the AWS CLI profile to deploy with (default: AWS_PROFILE)
  --help                 print this help`;
