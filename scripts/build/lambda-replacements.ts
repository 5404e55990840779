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
    file: '@smithy/node-http-handler/dist-es/node-http-handler.js',
    because:
      'An import of node:http reads all its exports, including fetch; this delays the first request to the container endpoint.',
    source: (original) => original.replace('await import("node:http")', 'process.getBuiltinModule("node:http")'),
  },
  {
    file: '@smithy/core/dist-es/submodules/retry/index.js',
    because:
      'The invoker has its own loop around the strategies; the middleware of the client brings its streams and UUIDs.',
    source: `
      export { NODE_RETRY_MODE_CONFIG_OPTIONS, resolveRetryConfig } from './middleware-retry/configurations';
      export { isServerError, isThrottlingError, isTransientError } from './service-error-classification/service-error-classification';
      export { RETRY_MODES } from './util-retry/config';
      export { MAXIMUM_RETRY_DELAY } from './util-retry/constants';
      export { Retry } from './util-retry/retries-2026-config';
      export { StandardRetryStrategy } from './util-retry/StandardRetryStrategy';
    `,
  },
  {
    file: '@aws-sdk/client-bedrock-runtime/package.json',
    because: 'Only its version is used, in the user agent.',
    source: (original) => JSON.stringify({ version: JSON.parse(original).version }),
  },
  {
    file: '@aws-sdk/client-bedrock-runtime/dist-es/index.js',
    because:
      'The invoker uses only the configuration of the client: where it sends requests, as whom, and how often. This is the part of it that the invoker reads, made of the same parts in the same way.',
    source: `
      import {
        createDefaultUserAgentProvider,
        NODE_APP_ID_CONFIG_OPTIONS,
        resolveUserAgentConfig,
        setTokenFeature,
      } from '@aws-sdk/core/client';
      import { defaultProvider } from '@aws-sdk/credential-provider-node';
      import { doesIdentityRequireRefresh, isIdentityExpired, memoizeIdentityProvider } from '@smithy/core';
      import {
        booleanSelector,
        loadConfig,
        NODE_REGION_CONFIG_FILE_OPTIONS,
        NODE_REGION_CONFIG_OPTIONS,
        NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS,
        NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS,
        resolveRegionConfig,
        SelectorType,
        TokenProviderError,
      } from '@smithy/core/config';
      import { resolveEndpointConfig } from '@smithy/core/endpoints';
      import { NODE_RETRY_MODE_CONFIG_OPTIONS, resolveRetryConfig } from '@smithy/core/retry';
      import packageInfo from '../package.json';
      import { defaultEndpointResolver } from './endpoint/endpointResolver';

      const serviceId = 'Bedrock Runtime';
      const namesOf = (list) => list?.split(',').map((name) => name.trim());
      const schemes = {
        environmentVariableSelector: (env) =>
          'AWS_BEARER_TOKEN_BEDROCK' in env ? ['httpBearerAuth'] : namesOf(env.AWS_AUTH_SCHEME_PREFERENCE),
        configFileSelector: (profile) => namesOf(profile.auth_scheme_preference),
        default: [],
      };
      const isClockFixed = {
        environmentVariableSelector: (env) => booleanSelector(env, 'AWS_DISABLE_CLOCK_SKEW_CORRECTION', SelectorType.ENV),
        configFileSelector: (profile) => booleanSelector(profile, 'disable_clock_skew_correction', SelectorType.CONFIG),
        default: false,
      };
      const token = async () => {
        const { AWS_BEARER_TOKEN_BEDROCK } = process.env;
        if (!AWS_BEARER_TOKEN_BEDROCK) throw new TokenProviderError('Could not load token from any providers', false);
        const identity = { token: AWS_BEARER_TOKEN_BEDROCK };
        setTokenFeature(identity, 'BEARER_SERVICE_ENV_VARS', '3');
        return identity;
      };

      export class BedrockRuntimeClient {
        constructor({ region, endpoint, credentials, authSchemePreference, maxAttempts }) {
          const provider = credentials
            ? memoizeIdentityProvider(credentials, isIdentityExpired, doesIdentityRequireRefresh)
            : defaultProvider();
          const base = {
            serviceId,
            runtime: 'node',
            region: region ?? loadConfig(NODE_REGION_CONFIG_OPTIONS, NODE_REGION_CONFIG_FILE_OPTIONS),
            endpoint,
            endpointProvider: defaultEndpointResolver,
            useDualstackEndpoint: loadConfig(NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS),
            useFipsEndpoint: loadConfig(NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS),
            maxAttempts,
            retryMode: loadConfig(NODE_RETRY_MODE_CONFIG_OPTIONS),
            userAgentAppId: loadConfig(NODE_APP_ID_CONFIG_OPTIONS),
            defaultUserAgentProvider: createDefaultUserAgentProvider({ serviceId, clientVersion: packageInfo.version }),
            credentials: provider,
            authSchemePreference: authSchemePreference ? async () => authSchemePreference : loadConfig(schemes),
            httpAuthSchemes: [{ schemeId: 'smithy.api#httpBearerAuth', identityProvider: () => token }],
            disableClockSkewCorrection: loadConfig(isClockFixed),
          };
          this.config = resolveEndpointConfig(resolveRegionConfig(resolveRetryConfig(resolveUserAgentConfig(base))));
        }
      }
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
