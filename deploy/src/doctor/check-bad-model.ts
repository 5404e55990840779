import { ask } from './ask.ts';
import type { ModelDeployment } from './deployment.ts';
import { errorIn } from './error-object.ts';
import type { Finding } from './finding.ts';
import { fixForError } from './fix-for-error.ts';

const check = 'bad model';
const missingModel = 'doctor.no-such-model-v1:0';

/**
 * The expected error codes. The error comes from the proxy's list of models, the permissions of the role, or Bedrock.
 */
const expectedCodes = new Set(['model_not_allowed', 'upstream_denied', 'upstream_validation', 'model_not_found']);

/** Checks that a request for an unknown model gets an expected error without internal details. */
export async function checkBadModel(deployment: ModelDeployment): Promise<Finding> {
  const { token, payload } = deployment;
  const answer = await ask(deployment, { token, body: { modelId: missingModel, ...payload } });
  const error = errorIn(answer);
  if (error === undefined) {
    return {
      check,
      verdict: 'fail',
      line: `${answer.status} without an error object for ${missingModel}`,
      fix: 'check that this is the URL of the proxy, and see the log of the function',
    };
  }
  const { code, message } = error;
  if (/arn:aws|\b\d{12}\b|\n\s+at /.test(message)) {
    return {
      check,
      verdict: 'fail',
      line: `the message of ${code} contains internal details`,
      fix: 'update the proxy',
    };
  }
  if (!expectedCodes.has(code)) return { check, verdict: 'fail', line: `${code}: ${message}`, fix: fixForError(error) };
  return { check, verdict: 'ok', line: `the error is correct (${answer.status}, ${code})` };
}
