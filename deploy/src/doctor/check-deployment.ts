import { describeFailure } from './ask.ts';
import { checkAuth } from './check-auth.ts';
import { checkBadModel } from './check-bad-model.ts';
import { checkCors } from './check-cors.ts';
import { checkDialect } from './check-dialect.ts';
import { checkHttp2 } from './check-http2.ts';
import { checkReach } from './check-reach.ts';
import { checkStream } from './check-stream.ts';
import type { Deployment } from './deployment.ts';
import { findPayload } from './find-payload.ts';
import type { Finding } from './finding.ts';

/**
 * Runs the checks in order and yields each finding. Stops after the first check if the proxy is not reachable. Omits
 * the model checks if the proxy does not accept the requests.
 */
export async function* checkDeployment(deployment: Deployment): AsyncGenerator<Finding, void, void> {
  const { finding, answer } = await checkReach(deployment);
  yield finding;
  if (answer === undefined) return;

  const auth = yield* settled('auth', checkAuth(deployment, answer));
  yield* settled('cors', checkCors(deployment));
  yield* settled('aws sdk', checkHttp2(deployment));
  if (!('isAccepted' in auth && auth.isAccepted)) return;
  const asked = await findPayload(deployment).catch((error: unknown) => noAnswer('alias', error));
  if ('check' in asked) {
    yield asked;
    return;
  }
  yield* settled('bad model', checkBadModel(asked));
  const { dialect } = asked;
  if (dialect === 'native') yield* settled('stream', checkStream(asked));
  else yield* settled(dialect, checkDialect(asked, dialect));
}

/** Yields the finding of a check. A network error becomes a failed finding. */
async function* settled<Found extends Finding>(
  check: string,
  finding: Promise<Found>,
): AsyncGenerator<Finding, Found | Finding, void> {
  const found = await finding.catch((error: unknown) => noAnswer(check, error));
  yield found;
  return found;
}

function noAnswer(check: string, error: unknown): Finding {
  return {
    check,
    verdict: 'fail',
    line: `no answer: ${describeFailure(error)}`,
    fix: 'run the doctor again; if the error remains, see the log and the timeout of the function',
  };
}
