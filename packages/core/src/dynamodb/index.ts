export type { Credentials } from '../aws/signed-call.js';
export type { LimitStore } from '../ports/limit-store.js';
export type { DynamoLimitStoreOptions } from './dynamo-limit-store.js';
export { dynamoLimitStore } from './dynamo-limit-store.js';
