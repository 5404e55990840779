import { describeFailure } from './ask.ts';
import { checkAuth } from './check-auth.ts';
import { checkBadModel } from './check-bad-model.ts';
import { checkCors } from './check-cors.ts';
import { checkReach } from './check-reach.ts';
import { checkStream } from './check-stream.ts';
import type { Finding } from './finding.ts';
import type { Patient } from './patient.ts';

/** Examines a proxy, finding by finding. What needs a reachable proxy, or a token that is let in, is left out without it. */
export async function* examine(patient: Patient): AsyncGenerator<Finding, void, void> {
  const { finding, answer } = await checkReach(patient);
  yield finding;
  if (answer === undefined) return;

  const auth = yield* settled('auth', checkAuth(patient, answer));
  yield* settled('cors', checkCors(patient));
  if (!('isLetIn' in auth && auth.isLetIn)) return;
  yield* settled('bad model', checkBadModel(patient));
  yield* settled('stream', checkStream(patient));
}

/** Yields what a check finds, and a network that gave way as a finding. */
async function* settled<Found extends Finding>(
  check: string,
  finding: Promise<Found>,
): AsyncGenerator<Finding, Found | Finding, void> {
  const found = await finding.catch(
    (error: unknown): Finding => ({
      check,
      verdict: 'fail',
      line: `no answer: ${describeFailure(error)}`,
      mend: 'run this again; where it stays, see the function’s log and timeout',
    }),
  );
  yield found;
  return found;
}
