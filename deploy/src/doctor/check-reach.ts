import { type Answer, ask, describeFailure } from './ask.ts';
import type { Deployment } from './deployment.ts';
import { errorIn } from './error-object.ts';
import type { Finding } from './finding.ts';
import { isLoopback } from './is-loopback.ts';

const check = 'reachable';
/** The sentences with which the other APIs of the proxy refuse a path. Their errors have forms of their own. */
const ofAnotherApi = /"message":"((?:Nothing answers at this path|This proxy has no such operation)[^"]*)"/;

/** Checks that the proxy answers a request without credentials. The auth check uses the answer again. */
export async function checkReach(
  deployment: Deployment,
): Promise<{ readonly finding: Finding; readonly answer?: Answer }> {
  try {
    const answer = await ask(deployment, { body: 'no JSON' });
    const error = errorIn(answer);
    const [, elsewhere] = ofAnotherApi.exec(answer.text) ?? [];
    if (elsewhere !== undefined) return { finding: explainProxyError('not_found', elsewhere) };
    if (error === undefined) return { finding: explainForeignAnswer(answer) };
    if (error.code === 'internal' || error.code === 'not_found')
      return { finding: explainProxyError(error.code, error.message) };
    return { finding: { check, verdict: 'ok', line: `the proxy answers (${answer.status}, ${error.code})` }, answer };
  } catch (error) {
    const line = `no answer: ${describeFailure(error)}`;
    const fix = isLoopback(deployment.url)
      ? 'start the server with npm start, and check the port of the URL'
      : 'check the URL, and check that the function or API is deployed';
    return { finding: { check, verdict: 'fail', line, fix } };
  }
}

function explainProxyError(code: 'internal' | 'not_found', message: string): Finding {
  const fix =
    code === 'internal'
      ? 'deploy the zip that matches the endpoint: function-url.zip, api-gateway.zip or api-gateway-stream.zip'
      : 'use another path: /v1 has the APIs of OpenAI and Anthropic, and /model is the API of Bedrock';
  return { check, verdict: 'fail', line: `${code}: ${message}`, fix };
}

/** Explains an answer of AWS or of another server. */
function explainForeignAnswer({ status, text }: Answer): Finding {
  const line = `${status}, but not from the proxy${text.trim() === '' ? ': an empty body' : `: ${excerpt(text)}`}`;
  return { check, verdict: 'fail', line, fix: fixFor(status, text) };
}

function fixFor(status: number, text: string): string {
  if (/missing authentication token/i.test(text)) {
    return 'use the URL of a resource with a POST method, such as /prod/bedrock; the doctor cannot check an API with IAM authorization, because it does not sign requests';
  }
  if (status === 403) {
    return 'a Function URL with auth type NONE needs both permissions, lambda:InvokeFunctionUrl and lambda:InvokeFunction (via the URL); the doctor cannot check a URL with AWS_IAM, or a Web Function with IamAuth, because it does not sign requests';
  }
  if (status === 404) return 'check the stage and the path of the URL';
  if (status === 429)
    return 'raise the reserved concurrency of the function, the rate limit or the environments of the Web Function, or the throttling limit of the stage';
  if (status === 504)
    return 'raise the timeout of the function and the integration; Lambda’s default of 3 seconds is too short for every call';
  if (status >= 500) {
    return 'see the log of the function: an environment variable is wrong, the handler is not index.handler or the entry point of a Web Function is not index.mjs, the function timed out, or the zip does not match the endpoint';
  }
  if (text.trim() === '')
    return 'a streaming zip needs invoke mode RESPONSE_STREAM or responseTransferMode STREAM; for a buffered API use api-gateway.zip';
  return 'check that this is the URL of the proxy';
}

function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
