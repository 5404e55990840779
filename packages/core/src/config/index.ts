export type { CreateInvoker } from './connect-invoker.js';
export type { Environment } from './environment.js';
export { ConfigurationError } from './environment.js';
export type { Configuration } from './read-configuration.js';
export { readConfiguration } from './read-configuration.js';
export type { ServerSettings } from './read-server-settings.js';
export { isOpen, readServerSettings } from './read-server-settings.js';
