export type { ModelTarget } from '../ports/model-invoker.js';
export type { ModelAlias, ModelAliases, OpenAiModelSettings, ReasoningKind } from './model-alias.js';
export { parseAliases } from './parse-aliases.js';
export { resolveAlias } from './resolve-alias.js';
export { type RoutingInvokerOptions, routingInvoker } from './routing-invoker.js';
