import { fileURLToPath } from 'node:url';

/** The workspace's root folder, without a slash at its end. */
export const workspaceRoot = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** The folders of packages/, each after those that it depends on. */
export const packageNames = ['core', 'testing', 'lambda-adapter', 'apigw-adapter'];

/** The Node that the root's `node` dependency brings: everything but the launcher runs on it. */
export const broughtNode = `${workspaceRoot}/node_modules/node/bin/node`;

/** Where the launcher keeps its notes; gone with node_modules, as what they say is. */
export const notesFolder = `${workspaceRoot}/node_modules/.bedrock-proxy`;
