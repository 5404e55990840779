import { type Answer, ask } from './ask.ts';
import type { Deployment } from './deployment.ts';
import { errorIn } from './error-object.ts';
import type { Finding } from './finding.ts';
import { isLoopback } from './is-loopback.ts';

const check = 'auth';
const wrongToken = 'a-token-that-nobody-was-given';

/** The finding, and whether the proxy accepts the requests of the further checks. An open proxy accepts them too. */
export type AuthFinding = Finding & { readonly isAccepted: boolean };

/**
 * Checks that the proxy refuses missing and wrong tokens and accepts the right one. The request body is not JSON, so an
 * accepted request does not call a model.
 *
 * @param withoutToken the answer to a request without credentials
 */
export async function checkAuth(deployment: Deployment, withoutToken: Answer): Promise<AuthFinding> {
  const refusal = errorIn(withoutToken)?.code ?? '';
  if (refusal !== 'missing_token') return explain(deployment, refusal, withoutToken);
  const withWrongToken = await ask(deployment, { body: 'no JSON', token: wrongToken });
  if (withWrongToken.status !== 401) return explain(deployment, errorIn(withWrongToken)?.code ?? '', withWrongToken);
  if (deployment.token === undefined) {
    return {
      check,
      isAccepted: false,
      verdict: 'skip',
      line: 'a missing token and a wrong token are refused (401); the other checks need a token',
      fix: 'set BEDROCK_PROXY_TOKEN to a token of this proxy and run the doctor again',
    };
  }
  const withToken = await ask(deployment, { body: 'no JSON', token: deployment.token });
  const code = errorIn(withToken)?.code ?? '';
  if (code === 'invalid_json') {
    return {
      check,
      isAccepted: true,
      verdict: 'ok',
      line: 'a missing token and a wrong token are refused (401); this token is accepted',
    };
  }
  if (withToken.status === 401) {
    return {
      check,
      isAccepted: false,
      verdict: 'fail',
      line: 'the token is refused (401)',
      fix: 'check BEDROCK_PROXY_TOKEN; if the secret has changed, wait a minute',
    };
  }
  return explain(deployment, code, withToken);
}

function explain({ url }: Deployment, code: string, { status }: Answer): AuthFinding {
  switch (code) {
    case 'invalid_json':
      return {
        check,
        isAccepted: true,
        // A server of this machine is open to this machine.
        verdict: isLoopback(url) ? 'warn' : 'fail',
        line: 'the URL is open: any caller can use it',
        fix: 'set AUTH_TOKEN, AUTH_TOKENS_SECRET_ID or JWT_ISSUER, and REQUIRE_AUTH=true',
      };
    case 'ip_not_allowed':
      return {
        check,
        isAccepted: false,
        verdict: 'fail',
        line: 'the IP address of this computer is not allowed (403)',
        fix: 'add it to ALLOWED_IPS or run the doctor from an allowed address',
      };
    case 'auth_unavailable':
      return {
        check,
        isAccepted: false,
        verdict: 'fail',
        line: 'the proxy cannot read its tokens (503)',
        fix: 'grant the role secretsmanager:GetSecretValue on the secret or ssm:GetParameter on the parameter; if a JWT issuer is set, see the log',
      };
    default:
      return {
        check,
        isAccepted: false,
        verdict: 'fail',
        line: `unexpected answer: ${status} ${code}`,
        fix: 'see the log of the function',
      };
  }
}
