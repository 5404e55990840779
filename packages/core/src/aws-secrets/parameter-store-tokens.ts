import type { AccessPolicy } from '../access/access-policy.js';
import { readTokenText } from '../access/parse-token-records.js';
import { type StoredTokensOptions, storedTokens } from '../access/stored-tokens.js';
import { memberOf, type StoreAccess, type StoreService, storeCall } from '../aws/signed-call.js';

export interface ParameterStoreTokensOptions extends StoreAccess, Omit<StoredTokensOptions, 'read'> {
  /** Name or ARN of the parameter, best a `SecureString`. */
  readonly parameter: string;
}

const parameterStore: StoreService = {
  name: 'ssm',
  target: 'AmazonSSM.GetParameter',
  endpointVariable: 'AWS_ENDPOINT_URL_SSM',
};

/**
 * The tokens in a parameter of AWS Systems Manager: a JSON array of token records, or one bare token. The role needs
 * `ssm:GetParameter`, and `kms:Decrypt` for a key of one's own. Kept and read again as `storedTokens` says.
 */
export function parameterStoreTokens({ parameter, ...options }: ParameterStoreTokensOptions): AccessPolicy {
  const body = { Name: parameter, WithDecryption: true };
  const call = storeCall({ ...options, service: parameterStore, id: parameter, body });
  return storedTokens({
    ...options,
    async read(signal) {
      const value = memberOf(memberOf(await call(signal), 'Parameter'), 'Value');
      if (typeof value !== 'string') throw new Error(`${parameterStore.target} gave no value.`);
      return readTokenText(value);
    },
  });
}
