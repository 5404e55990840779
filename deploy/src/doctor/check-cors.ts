import { type Answer, ask } from './ask.ts';
import type { Deployment } from './deployment.ts';
import type { Finding } from './finding.ts';

const check = 'cors';

/** Checks that CORS headers are sent only once, and that preflights and answers allow the same pages. */
export async function checkCors(deployment: Deployment): Promise<Finding> {
  const { origin, token } = deployment;
  const answer = await ask(deployment, { body: 'no JSON', token, headers: { origin } });
  const preflight = await ask(deployment, {
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
        line: `${what} have more than one allowed origin (${allowed}), which browsers refuse`,
        fix: 'turn off CORS in the Function URL or API, because the function sends the CORS headers',
      };
    }
  }
  const forAnswers = allowedOrigin(answer, origin);
  const forPreflights = preflight.status < 300 ? allowedOrigin(preflight, origin) : undefined;
  if (forAnswers === undefined && forPreflights === undefined) {
    return { check, verdict: 'ok', line: `pages of ${origin} cannot read answers (CORS_ALLOWED_ORIGINS)` };
  }
  if (forAnswers === undefined || forPreflights === undefined) {
    return {
      check,
      verdict: 'fail',
      line: `answers ${describe(forAnswers)}, preflights ${describe(forPreflights)} (${preflight.status})`,
      fix: 'route OPTIONS to the function like POST, without authorization, and turn off CORS in the Function URL or API',
    };
  }
  return { check, verdict: 'ok', line: `answers and preflights allow ${forAnswers}` };
}

function allowedOrigin({ headers }: Answer, origin: string): string | undefined {
  const allowed = headers.get('access-control-allow-origin');
  return allowed === '*' || allowed === origin ? allowed : undefined;
}

function describe(origin: string | undefined): string {
  return origin === undefined ? 'do not allow the origin' : `allow ${origin}`;
}
