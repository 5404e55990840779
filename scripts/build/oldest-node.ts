/** The oldest version of Node that the packages and the bundles support, as `engines` in each package.json states. */
export const oldestNode = '22.3';

const [oldestMajor, oldestMinor] = oldestNode.split('.');

/**
 * A statement for output files. Without it, a package would load on an older Node, and end the process later, at the first function that is
 * missing. Other runtimes have no `process.versions.node`, or a newer one.
 */
export const refuseOlderNode = `{ const [major, minor] = (globalThis.process?.versions?.node ?? '${oldestNode}').split('.'); if (+major < ${oldestMajor} || (+major === ${oldestMajor} && +minor < ${oldestMinor})) throw new Error(\`bedrock-proxy needs Node ${oldestNode} or later, but this is Node \${process.versions.node}.\`); }`;
