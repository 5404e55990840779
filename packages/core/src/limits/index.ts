export type { LimitRule } from '../access/limit-rule.js';
export type { DynamoLimitStoreOptions } from '../dynamodb/dynamo-limit-store.js';
export { dynamoLimitStore } from '../dynamodb/dynamo-limit-store.js';
export type { Bound, CounterResult, CounterUpdate, LimitStore } from '../ports/limit-store.js';
export type { LimitedOptions, LimitSettings } from './limited.js';
export { limited } from './limited.js';
export { memoryLimitStore } from './memory-limit-store.js';
export type { Price, Prices, TokenPrices } from './price.js';
