import type { AccessPolicy } from '../access/access-policy.js';
import { readTokenText } from '../access/parse-token-records.js';
import { type StoredTokensOptions, storedTokens } from '../access/stored-tokens.js';
import { type JsonOperation, type ServiceAccess, signedCall } from '../aws/signed-call.js';
import { isJsonObject } from '../models/json-object.js';

export interface SecretsManagerTokensOptions extends ServiceAccess, Omit<StoredTokensOptions, 'read'> {
  /** Name or ARN of the secret. */
  readonly secretId: string;
}

const getSecretValue: JsonOperation = {
  service: 'secretsmanager',
  target: 'secretsmanager.GetSecretValue',
  version: '1.1',
  endpointVariable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
  // It is read a minute apart at the most: a connection that Lambda froze meanwhile is dead.
  keepAlive: false,
};

/**
 * The tokens in a secret of AWS Secrets Manager: a JSON array of token records, or one bare token. The role needs
 * `secretsmanager:GetSecretValue`. `storedTokens` describes when it is read again.
 */
export function secretsManagerTokens({ secretId, ...options }: SecretsManagerTokensOptions): AccessPolicy {
  const call = signedCall(getSecretValue, secretId, options);
  return storedTokens({
    ...options,
    async read(signal) {
      const answer = await call({ SecretId: secretId }, signal);
      const secret = isJsonObject(answer) ? answer['SecretString'] : undefined;
      if (typeof secret !== 'string') throw new Error(`${getSecretValue.target} gave no SecretString.`);
      return readTokenText(secret);
    },
  });
}
