import { type Answer, ask, describeFailure } from './ask.ts';
import type { Finding } from './finding.ts';
import type { Patient } from './patient.ts';
import { errorIn } from './proxy-error.ts';

const check = 'reachable';

/** What the URL says to a request without credentials that asks for nothing; the answer is of use to the next check. */
export async function checkReach(patient: Patient): Promise<{ readonly finding: Finding; readonly answer?: Answer }> {
  try {
    const answer = await ask(patient, { body: 'no JSON' });
    const error = errorIn(answer);
    if (error === undefined) return { finding: explainStranger(answer) };
    if (error.code === 'internal' || error.code === 'not_found')
      return { finding: explainOwnRefusal(error.code, error.message) };
    return { finding: { check, verdict: 'ok', line: `the proxy answers (${answer.status}, ${error.code})` }, answer };
  } catch (error) {
    const line = `nothing answers: ${describeFailure(error)}`;
    return {
      finding: { check, verdict: 'fail', line, mend: 'check the URL, and that the function or API is deployed there' },
    };
  }
}

function explainOwnRefusal(code: 'internal' | 'not_found', message: string): Finding {
  const mend =
    code === 'internal'
      ? 'put the bundle behind the front that it is made for: function-url.zip, api-gateway.zip or api-gateway-stream.zip'
      : 'use another path: /v1 and /model are reserved';
  return { check, verdict: 'fail', line: `${code}: ${message}`, mend };
}

/** Answers of AWS itself, which came in the function's place. */
function explainStranger({ status, text }: Answer): Finding {
  const line = `${status}, and not from the proxy${text.trim() === '' ? ': an empty body' : `: ${excerpt(text)}`}`;
  return { check, verdict: 'fail', line, mend: mendOf(status, text) };
}

function mendOf(status: number, text: string): string {
  if (/missing authentication token/i.test(text)) {
    return 'POST to a resource of the API that has that method, such as /prod/bedrock; an API with IAM authorization wants a signature, which the doctor cannot give';
  }
  if (status === 403) {
    return 'a Function URL with auth type NONE needs both permissions, lambda:InvokeFunctionUrl and lambda:InvokeFunction (via the URL); with AWS_IAM it wants a signature, which the doctor cannot give';
  }
  if (status === 404) return 'check stage and path of the URL';
  if (status === 429) return 'raise the function’s reserved concurrency, or the throttling of the stage';
  if (status === 504)
    return 'give the function and the integration more time; Lambda’s default of 3 seconds fails every call';
  if (status >= 500) {
    return 'see the function’s log: a wrong variable, a handler other than index.handler, a timeout, or the wrong bundle behind this front';
  }
  if (text.trim() === '')
    return 'a streaming bundle needs RESPONSE_STREAM, or responseTransferMode STREAM; behind a buffered API use api-gateway.zip';
  return 'check that this is the URL of the proxy';
}

function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
