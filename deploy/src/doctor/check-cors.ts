import { type Answer, ask } from './ask.ts';
import type { Finding } from './finding.ts';
import type { Patient } from './patient.ts';

const check = 'cors';

/** Whether the CORS headers come once, and preflights get through where answers do. */
export async function checkCors(patient: Patient): Promise<Finding> {
  const { origin, token } = patient;
  const answer = await ask(patient, { body: 'no JSON', token, headers: { origin } });
  const preflight = await ask(patient, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  for (const [what, { headers }] of [
    ['answers', answer],
    ['preflights', preflight],
  ] as const) {
    const allowed = headers.get('access-control-allow-origin');
    if (allowed?.includes(',')) {
      return {
        check,
        verdict: 'fail',
        line: `${what} name the origin twice (${allowed}), which browsers refuse`,
        mend: 'turn the CORS of the Function URL or API off: the function sends the headers itself',
      };
    }
  }
  const forAnswers = allowedOrigin(answer, origin);
  const forPreflights = preflight.status < 300 ? allowedOrigin(preflight, origin) : undefined;
  if (forAnswers === undefined && forPreflights === undefined) {
    return { check, verdict: 'ok', line: `pages of ${origin} may not read answers (CORS_ALLOWED_ORIGINS)` };
  }
  if (forAnswers === undefined || forPreflights === undefined) {
    return {
      check,
      verdict: 'fail',
      line: `answers ${permit(forAnswers)}, preflights ${permit(forPreflights)} (${preflight.status})`,
      mend: 'let OPTIONS reach the function as POST does, without authorization, and leave the CORS of the front off',
    };
  }
  return { check, verdict: 'ok', line: `once on answers and preflights, for ${forAnswers}` };
}

function allowedOrigin({ headers }: Answer, origin: string): string | undefined {
  const allowed = headers.get('access-control-allow-origin');
  return allowed === '*' || allowed === origin ? allowed : undefined;
}

function permit(origin: string | undefined): string {
  return origin === undefined ? 'do not permit' : `permit ${origin}`;
}
