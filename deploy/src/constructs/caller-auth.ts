import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { DeploymentError } from '../deployment-error.ts';

/** The members of a Secrets Manager secret that the proxy uses. */
export type TokenSecret = Pick<ISecret, 'secretArn' | 'grantRead'>;

/** Who may call the proxy. There is no default: an open proxy must state `allowAnonymous: true`. */
export type CallerAuth =
  /** A bearer token that Secrets Manager generates. Only the function gets permission to read it. */
  | { readonly generatedToken: true }
  /** An existing secret: one bearer token, or a JSON array of token records. */
  | { readonly secret: TokenSecret }
  /** AWS principals with permission to call the proxy. They sign each request with SigV4. */
  | { readonly iam: true }
  /** JSON Web Tokens of an OpenID Connect issuer. */
  | { readonly jwt: JwtIssuer }
  /** Any caller. */
  | { readonly allowAnonymous: true };

/** The JSON Web Tokens that the proxy accepts. */
export interface JwtIssuer {
  /** The required `iss` claim, an https URL. */
  readonly issuer: string;
  /** The required `aud` claim. */
  readonly audience: string;
  /** The https URL of the issuer's keys. By default, OpenID discovery finds it. */
  readonly jwksUrl?: string;
  /** The claim that lists the models that the caller may use, as globs. By default `bedrock_models`. */
  readonly modelsClaim?: string;
}

/** The settings of the function that follow from `CallerAuth`. */
export interface FunctionAuth {
  readonly environment: Readonly<Record<string, string>>;
  /** The secret that the function reads. */
  readonly secret?: TokenSecret;
  /** Whether AWS authenticates callers before it runs the function. */
  readonly isCheckedByAws: boolean;
}

const required = { REQUIRE_AUTH: 'true' };

/**
 * Derives the settings of the function from `auth`. Creates the secret for `generatedToken`.
 *
 * @throws {DeploymentError} if `auth` has none of the five forms, or the JWT settings are invalid
 */
export function createFunctionAuth(scope: Construct, auth: CallerAuth): FunctionAuth {
  if ('generatedToken' in auth && auth.generatedToken) return authBySecret(generateToken(scope));
  if ('secret' in auth) return authBySecret(auth.secret);
  if ('jwt' in auth) return { environment: { ...required, ...jwtEnvironment(auth.jwt) }, isCheckedByAws: false };
  if ('iam' in auth && auth.iam) return { environment: {}, isCheckedByAws: true };
  if ('allowAnonymous' in auth && auth.allowAnonymous) return { environment: {}, isCheckedByAws: false };
  throw new DeploymentError('auth must be generatedToken: true, secret, iam: true, jwt or allowAnonymous: true.');
}

function authBySecret(secret: TokenSecret): FunctionAuth {
  return { environment: { ...required, AUTH_TOKENS_SECRET_ID: secret.secretArn }, secret, isCheckedByAws: false };
}

function generateToken(scope: Construct): TokenSecret {
  return new Secret(scope, 'Token', {
    description: 'The bearer token of bedrock-proxy',
    generateSecretString: { passwordLength: 48, excludePunctuation: true },
  });
}

function jwtEnvironment({ issuer, audience, jwksUrl, modelsClaim }: JwtIssuer): Record<string, string> {
  for (const url of [issuer, ...(jwksUrl === undefined ? [] : [jwksUrl])]) {
    if (URL.canParse(url) && new URL(url).protocol === 'https:') continue;
    throw new DeploymentError(`jwt.issuer and jwt.jwksUrl must be https URLs, not "${url}".`);
  }
  if (audience.trim() === '')
    throw new DeploymentError('jwt.audience must not be empty: use the aud claim of the tokens.');
  return {
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: audience,
    ...(jwksUrl !== undefined && { JWT_JWKS_URL: jwksUrl }),
    ...(modelsClaim !== undefined && { JWT_MODELS_CLAIM: modelsClaim }),
  };
}
