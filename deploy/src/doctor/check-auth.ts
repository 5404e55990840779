import { type Answer, ask } from './ask.ts';
import type { Finding } from './finding.ts';
import type { Patient } from './patient.ts';
import { errorIn } from './proxy-error.ts';

const check = 'auth';
const wrongToken = 'a-token-that-nobody-was-given';

/** What was found, and whether the patient's requests get in, as they do through an open door too. */
export type AuthFinding = Finding & { readonly isLetIn: boolean };

/**
 * Whether strangers are kept out and the token is let in. Each request holds no JSON, so that whoever is let in costs nothing.
 *
 * @param stranger the answer to a request without credentials
 */
export async function checkAuth(patient: Patient, stranger: Answer): Promise<AuthFinding> {
  const refusal = errorIn(stranger)?.code ?? '';
  if (refusal !== 'missing_token') return explain(refusal, stranger);
  const impostor = await ask(patient, { body: 'no JSON', token: wrongToken });
  if (impostor.status !== 401) return explain(errorIn(impostor)?.code ?? '', impostor);
  if (patient.token === undefined) {
    return {
      check,
      isLetIn: false,
      verdict: 'skip',
      line: 'strangers are kept out (401); the rest needs a token',
      mend: 'set BEDROCK_PROXY_TOKEN to a token of this proxy, and run this again',
    };
  }
  const owner = await ask(patient, { body: 'no JSON', token: patient.token });
  const code = errorIn(owner)?.code ?? '';
  if (code === 'invalid_json') {
    return {
      check,
      isLetIn: true,
      verdict: 'ok',
      line: 'no token and a wrong one are refused (401), this one is let in',
    };
  }
  if (owner.status === 401) {
    return {
      check,
      isLetIn: false,
      verdict: 'fail',
      line: 'the token is refused (401)',
      mend: 'check BEDROCK_PROXY_TOKEN; after a change of the secret allow a minute',
    };
  }
  return explain(code, owner);
}

function explain(code: string, { status }: Answer): AuthFinding {
  switch (code) {
    case 'invalid_json':
      return {
        check,
        isLetIn: true,
        verdict: 'fail',
        line: 'the URL is open: whoever finds it can use it',
        mend: 'set AUTH_TOKEN, AUTH_TOKENS_SECRET_ID or JWT_ISSUER, and REQUIRE_AUTH=true',
      };
    case 'ip_not_allowed':
      return {
        check,
        isLetIn: false,
        verdict: 'fail',
        line: 'this machine’s address is not allowed (403)',
        mend: 'add it to ALLOWED_IPS, or examine from an address that is in it',
      };
    case 'auth_unavailable':
      return {
        check,
        isLetIn: false,
        verdict: 'fail',
        line: 'the tokens cannot be read (503)',
        mend: 'grant the role secretsmanager:GetSecretValue (or ssm:GetParameter) on what the variable names; for a JWT issuer see the log',
      };
    default:
      return {
        check,
        isLetIn: false,
        verdict: 'fail',
        line: `an answer without sense: ${status} ${code}`,
        mend: 'see the function’s log',
      };
  }
}
