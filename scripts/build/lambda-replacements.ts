/** A module of a dependency that a deployable bundle does without, and what stands in its place. */
export interface Replacement {
  /** The file, from its package's name on. */
  readonly file: string;
  /** Why Lambda never needs what is left out. */
  readonly because: string;
  /** The module's new source, or what makes it of the old; its imports are resolved as the file's own were. */
  readonly source: string | ((original: string) => string);
}

/**
 * Everything that is different in a deployable bundle from the libraries that it is built from. `npm start -- --aws` and importers of
 * the packages have those as they are. An export that an upgrade starts to import, or a file that is no more, fails the build.
 */
export const lambdaReplacements: readonly Replacement[] = [
  {
    file: '@aws-sdk/credential-provider-node/dist-es/defaultProvider.js',
    because:
      'A function has its credentials in the environment, or from the container endpoint; it has no profile and no SSO.',
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
    because: 'A bearer token for Bedrock comes from AWS_BEARER_TOKEN_BEDROCK; the other providers search for SSO.',
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
    because: 'The invoker speaks HTTP/1.1: on HTTP/2 a reset in mid-stream looks like a clean end.',
    source: `
      export class NodeHttp2Handler {
        static create(handler) {
          if (typeof handler?.handle === 'function') return handler;
          throw new Error('This bundle holds no HTTP/2: give the client a requestHandler.');
        }
      }
    `,
  },
  {
    file: '@smithy/node-http-handler/dist-es/node-http-handler.js',
    because:
      "Importing node:http reads all that it exports, a whole fetch among it; the container endpoint's first answer waits for that.",
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
    because: 'The invoker writes its two requests and reads their answers itself.',
    source: `
      export class AwsRestJsonProtocol {}
    `,
  },
  {
    file: '@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js',
    because: 'It stands in where Node was built without cryptography.',
    source: `
      export class Sha256Js {
        constructor() {
          throw new Error('This bundle hashes with node:crypto alone.');
        }
      }
    `,
  },
  {
    file: '@smithy/core/dist-es/submodules/serde/util-stream/sdk-stream-mixin.browser.js',
    because: 'It reads web streams; the HTTP handler gives streams of Node.',
    source: `
      export const sdkStreamMixin = () => {
        throw new Error('This bundle reads streams of Node alone.');
      };
    `,
  },
  {
    file: '@aws-sdk/eventstream-handler-node/dist-es/eventStreamPayloadHandlerProvider.js',
    because: 'It signs what is streamed to Bedrock, and nothing is.',
    source: `
      export const eventStreamPayloadHandlerProvider = () => ({
        handle() {
          throw new Error('This bundle streams nothing to Bedrock.');
        },
      });
    `,
  },
  {
    file: '@aws-sdk/client-bedrock-runtime/dist-es/schemas/schemas_0.js',
    because: 'It describes operations for the protocol above, and the errors that it makes of answers.',
    source: `
      export const errorTypeRegistries = [];
    `,
  },
  {
    file: '@aws-sdk/client-bedrock-runtime/package.json',
    because: 'Only its version is read, for the user agent.',
    source: (original) => JSON.stringify({ version: JSON.parse(original).version }),
  },
  {
    file: '@aws-sdk/client-bedrock-runtime/dist-es/index.js',
    because: 'The invoker takes the client alone, for its configuration.',
    source: `
      export { BedrockRuntimeClient } from './BedrockRuntimeClient';
    `,
  },
  {
    file: '@aws-sdk/client-bedrock-runtime/dist-es/BedrockRuntimeClient.js',
    because: 'Nothing is sent through the client, so that it needs none of its middlewares.',
    source: (original) =>
      original
        .replace(/^ +this\.middlewareStack\.use\(.*?\);\n(?= +this\.middlewareStack| +\})/gms, '')
        .replace('extends __Client', '')
        .replace(/super\(.*?\);|super\.destroy\(\);/g, ''),
  },
  {
    file: '@aws-sdk/middleware-websocket/dist-es/index.js',
    because: 'It is for browsers, and for operations that stream to Bedrock.',
    source: `
      export const resolveWebSocketConfig = (config) => config;
      export const getWebSocketPlugin = () => ({ applyToStack() {} });
    `,
  },
  {
    file: '@aws-sdk/core/dist-es/submodules/client/util-user-agent-browser/createUserAgentStringParsingProvider.js',
    because: 'It names the browser that the SDK runs in, by a library for that.',
    source: `
      export const createUserAgentStringParsingProvider = () => async () => [];
    `,
  },
  {
    file: '@smithy/core/dist-es/submodules/config/shared-ini-file-loader/readFile.js',
    because:
      'Its two files are rarely there and small if they are: read at once they take neither a module to load nor a turn of the loop.',
    source: (original) =>
      original.replace(
        'import { readFile as fsReadFile } from "node:fs/promises";',
        'import { readFileSync } from "node:fs"; const fsReadFile = async (path, encoding) => readFileSync(path, encoding);',
      ),
  },
  {
    file: 'pino/lib/transport.js',
    because: 'Transports run in worker threads, from files beside the library; the log goes to standard output.',
    source: `
      module.exports = () => {
        throw new Error('This bundle holds no transports of pino.');
      };
    `,
  },
  {
    file: 'pino/lib/tools.js',
    because:
      'It asks whether it runs in a worker thread. A handler never does, and loading node:worker_threads to hear so takes time.',
    source: (original) => original.replace("require('worker_threads')", '{ isMainThread: true }'),
  },
  {
    file: 'sonic-boom/index.js',
    because: 'It checks one argument with node:assert, which takes longer to load than all of the logger.',
    source: (original) =>
      original.replace("require('assert')", '(holds, message) => { if (!holds) throw new TypeError(message); }'),
  },
  {
    file: 'pino/lib/multistream.js',
    because: 'There is one destination.',
    source: `
      module.exports = () => {
        throw new Error('This bundle holds no multistream of pino.');
      };
    `,
  },
  {
    file: 'pino/lib/redaction.js',
    because: 'What may not be logged is never handed to the logger, so that nothing is left to redact.',
    source: `
      module.exports = () => {
        throw new Error('This bundle holds no redaction of pino.');
      };
    `,
  },
  {
    file: 'safe-stable-stringify/index.js',
    because:
      'pino takes it for what JSON.stringify refuses, which is never logged; where it fails, pino says so in the line.',
    source: `
      exports.configure = () => () => {
        throw new Error('This bundle holds no stringifier for circular values.');
      };
    `,
  },
];
