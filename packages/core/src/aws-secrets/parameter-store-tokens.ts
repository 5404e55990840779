import type { AccessPolicy } from '../access/access-policy.js';
import { readTokenText } from '../access/parse-token-records.js';
import { type StoredTokensOptions, storedTokens } from '../access/stored-tokens.js';
import { type JsonOperation, type ServiceAccess, signedCall } from '../aws/signed-call.js';
import { isJsonObject, objectAt } from '../models/json-object.js';

export interface ParameterStoreTokensOptions extends ServiceAccess, Omit<StoredTokensOptions, 'read'> {
  /** Name or ARN of the parameter, preferably a `SecureString`. */
  readonly parameter: string;
}

const getParameter: JsonOperation = {
  service: 'ssm',
  target: 'AmazonSSM.GetParameter',
  version: '1.1',
  endpointVariable: 'AWS_ENDPOINT_URL_SSM',
  // It is read a minute apart at the most: a connection that Lambda froze meanwhile is dead.
  keepAlive: false,
};

/**
 * The tokens in a parameter of AWS Systems Manager: a JSON array of token records, or one bare token. The role needs
 * `ssm:GetParameter`, and `kms:Decrypt` for a customer managed key. `storedTokens` describes when it is read again.
 */
export function parameterStoreTokens({ parameter, ...options }: ParameterStoreTokensOptions): AccessPolicy {
  const call = signedCall(getParameter, parameter, options);
  return storedTokens({
    ...options,
    async read(signal) {
      const answer = await call({ Name: parameter, WithDecryption: true }, signal);
      const found = isJsonObject(answer) ? objectAt(answer, 'Parameter') : undefined;
      const value = found?.['Value'];
      if (typeof value !== 'string') throw new Error(`${getParameter.target} gave no value.`);
      return readTokenText(value);
    },
  });
}
