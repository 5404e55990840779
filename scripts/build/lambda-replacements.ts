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
    because: 'The invoker gives the client a reader of its own for event streams.',
    source: `
      export { resolveEventStreamSerdeConfig } from './eventstream-serde-config-resolver/EventStreamSerdeConfig';
      export const eventStreamSerdeProvider = () => {
        throw new Error('This bundle holds no event-stream reader of the SDK: give the client an eventStreamSerdeProvider.');
      };
      export class EventStreamSerde {
        constructor({ marshaller }) {
          this.marshaller = marshaller;
        }
        async deserializeEventStream({ response }) {
          return this.marshaller.deserialize(response.body);
        }
      }
    `,
  },
  {
    file: '@smithy/core/dist-es/submodules/protocols/HttpProtocol.js',
    because:
      'It imports the module above for each answer; as a part of the bundle that costs neither a file nor a turn of the loop.',
    source: (original) =>
      original.replace(
        /^(.*)const (\{[^}]*\}) = await import\("@smithy\/core\/event-streams"\);/s,
        'import $2 from "@smithy/core/event-streams";\n$1',
      ),
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
    because:
      'It describes every operation. Marked as free of effects, what belongs to operations that are not called falls away.',
    source: (original) =>
      original.replaceAll(/^export var (\w+\$) = (\[.*?\]);$/gms, 'export var $1 = /* @__PURE__ */ (() => $2)();'),
  },
  {
    file: '@aws-sdk/client-bedrock-runtime/package.json',
    because: 'Only its version is read, for the user agent.',
    source: (original) => JSON.stringify({ version: JSON.parse(original).version }),
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
