export { DeploymentError } from './deployment-error.ts';
export type { AccessStatement } from './model-access/derive-model-access.ts';
export { deriveModelAccess } from './model-access/derive-model-access.ts';
export type { DetailedModelGrant, ModelGrant, ModelGrants } from './model-access/model-grant.ts';
export type { Place } from './model-access/model-reference.ts';
