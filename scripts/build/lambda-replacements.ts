/** A module of a dependency that is replaced in deployable bundles. */
export interface Replacement {
  /** The path of the file, starting with the package name. */
  readonly file: string;
  /** Why a function in Lambda does not need the original module. */
  readonly because: string;
  /**
   * The new source, or a function that changes the original source. Imports are resolved like those of the original
   * file.
   */
  readonly source: string | ((original: string) => string);
}

/**
 * All differences between a deployable bundle and its libraries. `npm start -- --aws` and users of the packages get the
 * original libraries. The build fails if an upgrade removes a replaced file or imports an export that a replacement
 * lacks.
 */
export const lambdaReplacements: readonly Replacement[] = [
  {
    file: '@aws-sdk/credential-provider-node/dist-es/defaultProvider.js',
    because:
      'A function gets its credentials from the environment or the container endpoint; it has no profile and no SSO.',
    source: `
      import { fromEnv } from '@aws-sdk/credential-provider-env';
      import { CredentialsProviderError } from '@smithy/core/config';
      import { memoizeChain } from './runtime/memoize-chain';

      const hasContainerEndpoint = () =>
        process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI || process.env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;

      export const credentialsWillNeedRefresh = (credentials) => credentials?.expiration !== undefined;
      export const credentialsTreatedAsExpired = (credentials) =>
        credentials?.expiration !== undefined && credentials.expiration.getTime() - Date.now() < 300000;
      export const defaultProvider = (init = {}) =>
        memoizeChain(
          [
            () => fromEnv(init)(),
            async () => {
              if (!hasContainerEndpoint()) throw new CredentialsProviderError('Could not load credentials from any providers', false);
              const { fromHttp } = await import('@aws-sdk/credential-provider-http');
              return fromHttp(init)();
            },
          ],
          credentialsTreatedAsExpired,
        );
    `,
  },
  {
    file: '@aws-sdk/token-providers/dist-es/index.js',
    because: 'A bearer token for Bedrock comes from AWS_BEARER_TOKEN_BEDROCK; the other providers use SSO.',
    source: `
      import { TokenProviderError } from '@smithy/core/config';
      export { fromEnvSigningName } from './fromEnvSigningName';
      export const nodeProvider = () => async () => {
        throw new TokenProviderError('Could not load token from any providers', false);
      };
    `,
  },
  {
    file: '@smithy/node-http-handler/dist-es/node-http2-handler.js',
    because: 'The invoker uses HTTP/1.1, because a reset in the middle of an HTTP/2 stream looks like a normal end.',
    source: `
      export class NodeHttp2Handler {
        static create(handler) {
          if (typeof handler?.handle === 'function') return handler;
          throw new Error('This bundle has no HTTP/2: pass a requestHandler to the client.');
        }
      }
    `,
  },
  {
    file: '@smithy/node-http-handler/dist-es/node-http-handler.js',
    because:
      'An import of node:http reads all its exports, including fetch; this delays the first request to the container endpoint.',
    source: (original) => original.replace('await import("node:http")', 'process.getBuiltinModule("node:http")'),
  },
  {
    file: '@smithy/core/dist-es/submodules/event-streams/index.js',
    because: 'The invoker reads event streams itself.',
    source: `
      export { resolveEventStreamSerdeConfig } from './eventstream-serde-config-resolver/EventStreamSerdeConfig';
      export const eventStreamSerdeProvider = () => undefined;
    `,
  },
  {
    file: '@aws-sdk/core/dist-es/submodules/protocols/json/AwsRestJsonProtocol.js',
    because: 'The invoker writes its two kinds of request and reads their responses itself.',
    source: `
      export class AwsRestJsonProtocol {}
    `,
  },
  {
    file: '@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js',
    because: 'It is used only if Node was built without cryptography.',
    source: `
      export class Sha256Js {
        constructor() {
          throw new Error('This bundle hashes only with node:crypto.');
        }
      }
    `,
  },
  {
    file: '@smithy/core/dist-es/submodules/serde/util-stream/sdk-stream-mixin.browser.js',
    because: 'It reads web streams, but the HTTP handler returns Node streams.',
    source: `
      export const sdkStreamMixin = () => {
        throw new Error('This bundle reads only Node streams.');
      };
    `,
  },
  {
    file: '@smithy/core/dist-es/submodules/serde/date-utils.js',
    because: 'Only Retry-After and the expiration of credentials are read as dates, and Date parses both.',
    source: `
      const parse = (value) => {
        if (value === null || value === undefined) return undefined;
        const date = new Date(value);
        if (Number.isNaN(date.getTime())) throw new TypeError('Invalid date');
        return date;
      };
      export const dateToUtcString = (date) => date.toUTCString();
      export const parseRfc3339DateTime = parse;
      export const parseRfc3339DateTimeWithOffset = parse;
      export const parseRfc7231DateTime = parse;
      export const parseEpochTimestamp = (value) => parse(Number(value) * 1000);
    `,
  },
  {
    file: '@aws-sdk/eventstream-handler-node/dist-es/eventStreamPayloadHandlerProvider.js',
    because: 'It signs streams to Bedrock, and the proxy sends none.',
    source: `
      export const eventStreamPayloadHandlerProvider = () => ({
        handle() {
          throw new Error('This bundle cannot stream to Bedrock.');
        },
      });
    `,
  },
  {
    file: '@aws-sdk/client-bedrock-runtime/dist-es/schemas/schemas_0.js',
    because: 'It describes operations and errors for the protocol that is replaced above.',
    source: `
      export const errorTypeRegistries = [];
    `,
  },
  {
    file: '@aws-sdk/client-bedrock-runtime/package.json',
    because: 'Only its version is used, in the user agent.',
    source: (original) => JSON.stringify({ version: JSON.parse(original).version }),
  },
  {
    file: '@aws-sdk/client-bedrock-runtime/dist-es/index.js',
    because: 'The invoker uses only the client, for its configuration.',
    source: `
      export { BedrockRuntimeClient } from './BedrockRuntimeClient';
    `,
  },
  {
    file: '@aws-sdk/client-bedrock-runtime/dist-es/BedrockRuntimeClient.js',
    because: 'The client sends no requests, so it needs no middleware.',
    source: (original) =>
      original
        .replace(/^ +this\.middlewareStack\.use\(.*?\);\n(?= +this\.middlewareStack| +\})/gms, '')
        .replace('extends __Client', '')
        .replace(/super\(.*?\);|super\.destroy\(\);/g, ''),
  },
  {
    file: '@aws-sdk/middleware-websocket/dist-es/index.js',
    because: 'It is for browsers and for operations that stream to Bedrock.',
    source: `
      export const resolveWebSocketConfig = (config) => config;
      export const getWebSocketPlugin = () => ({ applyToStack() {} });
    `,
  },
  {
    file: '@aws-sdk/core/dist-es/submodules/client/util-user-agent-browser/createUserAgentStringParsingProvider.js',
    because: 'It detects the browser that runs the SDK.',
    source: `
      export const createUserAgentStringParsingProvider = () => async () => [];
    `,
  },
  {
    file: '@smithy/core/dist-es/submodules/config/shared-ini-file-loader/readFile.js',
    because:
      'Its two files are small and rarely exist; a synchronous read needs no additional module and no turn of the event loop.',
    source: (original) =>
      original.replace(
        'import { readFile as fsReadFile } from "node:fs/promises";',
        'import { readFileSync } from "node:fs"; const fsReadFile = async (path, encoding) => readFileSync(path, encoding);',
      ),
  },
  {
    file: 'pino/lib/transport.js',
    because: 'Transports run in worker threads from files of the library, but the log goes to standard output.',
    source: `
      module.exports = () => {
        throw new Error('This bundle has no pino transports.');
      };
    `,
  },
  {
    file: 'pino/lib/tools.js',
    because:
      'It checks whether it runs in a worker thread. A handler never does, and loading node:worker_threads takes time.',
    source: (original) => original.replace("require('worker_threads')", '{ isMainThread: true }'),
  },
  {
    file: 'sonic-boom/index.js',
    because:
      'The log is written synchronously to standard output, which needs a loop over writeSync; the original also buffers, rotates and reopens files.',
    source: `
      const { writeSync } = require('fs');

      const pause = new Int32Array(new SharedArrayBuffer(4));

      module.exports = class SonicBoom {
        constructor({ dest, sync }) {
          if (dest !== 1 || sync !== true) throw new TypeError('This bundle logs synchronously to standard output.');
        }
        on() {}
        write(line) {
          for (let rest = Buffer.from(line); rest.length > 0; ) {
            try {
              rest = rest.subarray(writeSync(1, rest));
            } catch (error) {
              // Nobody reads the log any more.
              if (error.code === 'EPIPE') return;
              // The reader is slow, and this pipe does not block.
              if (error.code !== 'EAGAIN' && error.code !== 'EBUSY') throw error;
              Atomics.wait(pause, 0, 0, 10);
            }
          }
        }
      };
    `,
  },
  {
    file: 'on-exit-leak-free/index.js',
    because: 'It flushes a log that is not written synchronously.',
    source: `
      module.exports = {};
    `,
  },
  {
    file: 'pino-std-serializers/index.js',
    because:
      'It describes requests and responses of node:http, of which the log has none, and errors in ways that are not used.',
    source: `
      const err = (error) =>
        error instanceof Error ? { type: error.name, message: error.message, stack: error.stack } : error;
      module.exports = {
        err,
        mapHttpRequest: (req) => ({ req }),
        mapHttpResponse: (res) => ({ res }),
        wrapErrorSerializer: (serializer) => serializer,
        wrapRequestSerializer: (serializer) => serializer,
        wrapResponseSerializer: (serializer) => serializer,
      };
    `,
  },
  {
    file: 'quick-format-unescaped/index.js',
    because: 'It fills placeholders such as %s, and no message of the log has one.',
    source: `
      module.exports = (message) => message;
    `,
  },
  {
    file: '@smithy/core/dist-es/submodules/serde/util-body-length/calculateBodyLength.js',
    because:
      'The invoker knows the length of its bodies. The original imports ReadStream, which loads all file streams of Node: 5 ms.',
    source: `
      export const calculateBodyLength = () => undefined;
    `,
  },
  {
    file: '@smithy/signature-v4/dist-es/HeaderFormatter.js',
    because: 'It formats the headers of signed events, and the proxy sends no event stream to AWS.',
    source: `
      export class HeaderFormatter {
        format() {
          throw new Error('This bundle signs no events.');
        }
      }
    `,
  },
  {
    file: 'pino/lib/multistream.js',
    because: 'The log has only one destination.',
    source: `
      module.exports = () => {
        throw new Error('This bundle has no pino multistream.');
      };
    `,
  },
  {
    file: 'pino/lib/redaction.js',
    because: 'The logger never gets secret values, so there is nothing to redact.',
    source: `
      module.exports = () => {
        throw new Error('This bundle has no pino redaction.');
      };
    `,
  },
  {
    file: 'safe-stable-stringify/index.js',
    because:
      'pino uses it only for values that JSON.stringify refuses. Such values are never logged; if they were, pino would report it in the log line.',
    source: `
      exports.configure = () => () => {
        throw new Error('This bundle cannot stringify circular values.');
      };
    `,
  },
];
