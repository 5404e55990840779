import { memoryLimitStore } from '@bedrock-proxy/core/limits';
import { testLimitStore } from '@bedrock-proxy/testing/contract';

testLimitStore('memoryLimitStore', () => ({ store: memoryLimitStore() }));
