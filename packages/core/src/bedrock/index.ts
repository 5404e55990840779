export type { BedrockInvokerOptions } from './create-bedrock-invoker.js';
export { createBedrockInvoker } from './create-bedrock-invoker.js';
