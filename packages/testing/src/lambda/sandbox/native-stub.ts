/** The file names under which the two sources below are written side by side. */
export const nativeStubFiles = { preload: 'preload.cjs', addon: 'native-stub.cjs' } as const;

/** Preloaded with `--require`: leads the runtime client's native addon, which need not be built, to the stub. */
export const preloadSource = `'use strict';
const Module = require('node:module');
const { join } = require('node:path');
const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (request === './rapid-client.node') return join(__dirname, '${nativeStubFiles.addon}');
  return resolveFilename.call(this, request, ...rest);
};
`;

/**
 * Stands in for the addon. It is called for buffered answers alone, and the addon is synchronous where this is not:
 * the runtime client asks for the next event before the post is through, which the Runtime API allows for.
 */
export const addonSource = `'use strict';
const http = require('node:http');
const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
function post(path, body) {
  const request = http.request({
    hostname,
    port,
    method: 'POST',
    path: '/2018-06-01/runtime/invocation/' + path,
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  });
  request.on('response', (response) => response.resume());
  request.on('error', (error) => {
    console.error('The Runtime API cannot be reached.', error);
    process.exit(1);
  });
  request.end(body);
}
module.exports = {
  next() {
    throw new Error('The stub leaves next to the alternative client.');
  },
  done: (id, body) => post(id + '/response', body),
  error: (id, body) => post(id + '/error', body),
};
`;
