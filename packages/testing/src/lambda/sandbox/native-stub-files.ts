/** The file names of the two sources below. Both files must be in the same folder. */
export const nativeStubFiles = { preload: 'preload.cjs', addon: 'native-stub.cjs' } as const;

/**
 * Preloaded with `--require`. Replaces the native addon of the runtime client by the stub, so the addon need not be
 * built.
 */
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
 * Replaces the addon, which is called only for buffered answers. The addon is synchronous, but this stub is not: the
 * runtime client requests the next event before the answer is posted. Our Runtime API accepts this order.
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
    throw new Error('The stub does not implement next, because the alternative client does.');
  },
  done: (id, body) => post(id + '/response', body),
  error: (id, body) => post(id + '/error', body),
};
`;
