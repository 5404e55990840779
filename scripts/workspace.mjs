import { fileURLToPath } from 'node:url';

/** The root folder of the workspace, without a trailing slash. */
export const workspaceRoot = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** The folders of packages/. Each package comes after its dependencies. */
export const packageNames = ['core', 'testing', 'lambda-adapter', 'apigw-adapter'];

/** The Node binary of the root's `node` dependency. Everything except the launcher runs on it. */
export const workspaceNode = `${workspaceRoot}/node_modules/node/bin/node`;

/** The folder for the launcher's notes. It is in node_modules because both must be deleted together. */
export const notesFolder = `${workspaceRoot}/node_modules/.bedrock-proxy`;
