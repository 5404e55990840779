import { ask } from './ask.ts';
import type { Finding } from './finding.ts';
import { mendOfRefusal } from './mend-of-refusal.ts';
import type { Patient } from './patient.ts';
import { errorIn } from './proxy-error.ts';

const check = 'bad model';
const missingModel = 'doctor.no-such-model-v1:0';

/** What may be said of a model that there is not: by the proxy's own list, by the role, or by Bedrock. */
const clean = new Set(['model_not_allowed', 'upstream_denied', 'upstream_validation', 'model_not_found']);

/** Whether a model that does not exist leads to an error that says so, and gives nothing away. */
export async function checkBadModel(patient: Patient): Promise<Finding> {
  const { token, payload } = patient;
  const answer = await ask(patient, { token, body: { modelId: missingModel, ...payload } });
  const error = errorIn(answer);
  if (error === undefined) {
    return {
      check,
      verdict: 'fail',
      line: `${answer.status} without an error object for ${missingModel}`,
      mend: 'check that this is the URL of the proxy, and see the function’s log',
    };
  }
  const { code, message } = error;
  if (/arn:aws|\b\d{12}\b|\n\s+at /.test(message)) {
    return { check, verdict: 'fail', line: `${code} gives more away than it should`, mend: 'update the proxy' };
  }
  if (!clean.has(code)) return { check, verdict: 'fail', line: `${code}: ${message}`, mend: mendOfRefusal(error) };
  return { check, verdict: 'ok', line: `a clean error (${answer.status}, ${code})` };
}
