import type { AccessPolicy } from '../access/access-policy.js';
import { readTokenText } from '../access/parse-token-records.js';
import { type StoredTokensOptions, storedTokens } from '../access/stored-tokens.js';
import { memberOf, type StoreAccess, type StoreService, storeCall } from '../aws/signed-call.js';

export interface SecretsManagerTokensOptions extends StoreAccess, Omit<StoredTokensOptions, 'read'> {
  /** Name or ARN of the secret. */
  readonly secretId: string;
}

const secretsManager: StoreService = {
  name: 'secretsmanager',
  target: 'secretsmanager.GetSecretValue',
  endpointVariable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
};

/**
 * The tokens in a secret of AWS Secrets Manager: a JSON array of token records, or one bare token. The role needs
 * `secretsmanager:GetSecretValue`. Kept and read again as `storedTokens` says.
 */
export function secretsManagerTokens({ secretId, ...options }: SecretsManagerTokensOptions): AccessPolicy {
  const call = storeCall({ ...options, service: secretsManager, id: secretId, body: { SecretId: secretId } });
  return storedTokens({
    ...options,
    async read(signal) {
      const secret = memberOf(await call(signal), 'SecretString');
      if (typeof secret !== 'string') throw new Error(`${secretsManager.target} gave no SecretString.`);
      return readTokenText(secret);
    },
  });
}
