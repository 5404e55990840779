import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { DeploymentError } from '../deployment-error.ts';

/** A secret in Secrets Manager, as far as the proxy needs to know it. */
export type TokenSecret = Pick<ISecret, 'secretArn' | 'grantRead'>;

/** Who may call the proxy. One of five, and never none: an open URL is said aloud. */
export type CallerAuth =
  /** A bearer token that Secrets Manager makes up; only the function is granted to read it. */
  | { readonly generatedToken: true }
  /** A secret that holds one bearer token, or a JSON array of tokens with their rights. */
  | { readonly secret: TokenSecret }
  /** AWS principals that are granted to call it; each request is signed (SigV4). */
  | { readonly iam: true }
  /** Tokens of an OpenID Connect issuer. */
  | { readonly jwt: JwtIssuer }
  /** Everyone. */
  | { readonly allowAnonymous: true };

/** An issuer of JSON Web Tokens whose callers are let in. */
export interface JwtIssuer {
  /** The `iss` claim: an https URL. */
  readonly issuer: string;
  /** The `aud` claim. */
  readonly audience: string;
  /** Where its keys are; by default what the issuer's OpenID discovery says. */
  readonly jwksUrl?: string;
  /** The claim with the globs of the models that a caller may use; by default `bedrock_models`. */
  readonly modelsClaim?: string;
}

/** What a way to say who may call asks of the function. */
export interface FunctionAuth {
  readonly environment: Readonly<Record<string, string>>;
  /** The secret that the function reads. */
  readonly secret?: TokenSecret;
  /** Whether AWS itself checks the callers, before the function runs. */
  readonly isCheckedByAws: boolean;
}

const required = { REQUIRE_AUTH: 'true' };

/**
 * Makes what the function needs to know its callers.
 *
 * @throws {DeploymentError} where `auth` is none of the five or an issuer cannot be used
 */
export function createFunctionAuth(scope: Construct, auth: CallerAuth): FunctionAuth {
  if ('generatedToken' in auth && auth.generatedToken) return authBySecret(generateToken(scope));
  if ('secret' in auth) return authBySecret(auth.secret);
  if ('jwt' in auth) return { environment: { ...required, ...jwtEnvironment(auth.jwt) }, isCheckedByAws: false };
  if ('iam' in auth && auth.iam) return { environment: {}, isCheckedByAws: true };
  if ('allowAnonymous' in auth && auth.allowAnonymous) return { environment: {}, isCheckedByAws: false };
  throw new DeploymentError('auth must be a generatedToken, a secret, iam, a jwt issuer, or allowAnonymous: true.');
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
    throw new DeploymentError(
      `"${url}" is no https URL: give the issuer as its tokens name it, such as https://login.example.com.`,
    );
  }
  if (audience.trim() === '')
    throw new DeploymentError('jwt.audience is empty: give the audience that the tokens are for.');
  return {
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: audience,
    ...(jwksUrl !== undefined && { JWT_JWKS_URL: jwksUrl }),
    ...(modelsClaim !== undefined && { JWT_MODELS_CLAIM: modelsClaim }),
  };
}
