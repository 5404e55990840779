import { type ServiceAccess, signedSender } from './signed-call.js';

/** A role of IAM. */
export interface Role {
  readonly roleArn: string;
  /** The secret that the role's owner may ask for. */
  readonly externalId?: string | undefined;
}

/** Credentials that end. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

const sts = {
  service: 'sts',
  endpointVariable: 'AWS_ENDPOINT_URL_STS',
  // It is asked an hour apart: a connection that Lambda froze meanwhile is dead.
  keepAlive: false,
};

const timeoutMs = 5_000;

/**
 * Assumes a role, for an hour. The own role needs `sts:AssumeRole` on it. Rejects with an error that is named as Bedrock names its own:
 * `AccessDeniedException` if the role may not be assumed, else `ServiceUnavailableException`.
 */
export async function assumeRole({ roleArn, externalId }: Role, access: ServiceAccess = {}): Promise<RoleCredentials> {
  const form = new URLSearchParams({
    ...{ Action: 'AssumeRole', Version: '2011-06-15', RoleArn: roleArn, RoleSessionName: 'bedrock-proxy' },
    ...(externalId !== undefined && { ExternalId: externalId }),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const send = signedSender(sts, roleArn, access);
  const { status, text } = await send(headers, form.toString(), AbortSignal.timeout(timeoutMs)).catch((cause) => {
    if (cause instanceof Error && cause.name === 'CredentialsProviderError') throw cause;
    throw named('ServiceUnavailableException', 'STS gave no answer', cause);
  });
  if (status !== 200) {
    const code = elementOf(text, 'Code') ?? 'no code';
    const isPassing = status >= 500 || code.startsWith('Throttling');
    throw named(isPassing ? 'ServiceUnavailableException' : 'AccessDeniedException', `STS refused: ${status}, ${code}`);
  }
  const [accessKeyId, secretAccessKey, sessionToken, expiration] = [
    ...['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'].map((name) => elementOf(text, name)),
  ];
  if (!accessKeyId || !secretAccessKey || !sessionToken || !expiration) {
    throw named('ServiceUnavailableException', 'the answer of STS has no credentials');
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expiration) };
}

/** The text of an element. Its names occur once in an answer of STS, and none of its values needs an escape. */
function elementOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1];
}

function named(name: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(`${message}, when a role was to be assumed`, { cause }), { name });
}
