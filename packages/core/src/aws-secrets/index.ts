export type { Credentials, ServiceAccess } from '../aws/signed-call.js';
export type { ParameterStoreTokensOptions } from './parameter-store-tokens.js';
export { parameterStoreTokens } from './parameter-store-tokens.js';
export type { SecretsManagerTokensOptions } from './secrets-manager-tokens.js';
export { secretsManagerTokens } from './secrets-manager-tokens.js';
