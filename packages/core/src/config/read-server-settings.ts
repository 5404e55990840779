import { ConfigurationError, type Environment, isSet, readVariable, readWholeNumber } from './environment.js';
import type { VariableName } from './variable-defaults.js';
import { variableDefaults } from './variable-defaults.js';

/** What a proxy that listens itself reads from the environment. */
export interface ServerSettings {
  /** Whether AWS runs the process as a Web Function. */
  readonly isWebFunction: boolean;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** How many proxies in front of this server add the address of their client to `X-Forwarded-For`. */
  readonly trustedProxies: number;
  /** Milliseconds after which the request is cut off from outside. */
  readonly requestTimeoutMs?: number;
}

/**
 * Reads where to listen: where a Web Function has to, else at `HOST` and `PORT`. Throws a `ConfigurationError` for an invalid variable,
 * and for a server that other machines could use without a token.
 */
export function readServerSettings(environment: Environment): ServerSettings {
  const endpoint = environment['AWS_LAMBDA_HTTP_ENDPOINT'];
  const isWebFunction = isSet(endpoint);
  const address = isWebFunction ? readEndpoint(endpoint) : readAddress(environment);
  const hasTimeout = isWebFunction || readVariable(environment, 'REQUEST_TIMEOUT_MS') !== undefined;
  return {
    isWebFunction,
    ...address,
    trustedProxies:
      // The front of a Web Function adds the address of its client.
      isWebFunction && readVariable(environment, 'TRUSTED_PROXIES') === undefined
        ? 1
        : readWholeNumber(environment, 'TRUSTED_PROXIES', { min: 0 }),
    ...(hasTimeout && { requestTimeoutMs: readWholeNumber(environment, 'REQUEST_TIMEOUT_MS') }),
  };
}

const tokenSources = [
  'AUTH_TOKEN',
  'AUTH_TOKENS',
  'AUTH_TOKENS_SECRET_ID',
  'AUTH_TOKENS_PARAMETER',
  'JWT_ISSUER',
] as const satisfies readonly VariableName[];

/** Whether no source of tokens is set, so that any caller has access. */
export function isOpen(environment: Environment): boolean {
  return tokenSources.every((name) => environment[name] === undefined);
}

type Address = Pick<ServerSettings, 'host' | 'port'>;

/** AWS states where to listen as a URL, or as a host and a port. */
function readEndpoint(endpoint: string): Address {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(endpoint) ? endpoint : `http://${endpoint}`;
  const { hostname = '', port = '' } = URL.canParse(url) ? new URL(url) : {};
  if (hostname === '') {
    throw new ConfigurationError('AWS_LAMBDA_HTTP_ENDPOINT', 'must be a URL, or a host and a port. AWS sets it.');
  }
  return { host: withoutBrackets(hostname), port: Number(port || 80) };
}

function readAddress(environment: Environment): Address {
  const host = withoutBrackets((readVariable(environment, 'HOST') ?? variableDefaults.HOST).trim());
  const port = readWholeNumber(environment, 'PORT', { min: 0 });
  if (port > 65_535) throw new ConfigurationError('PORT', 'must be a whole number from 0 to 65535.');
  if (!loopback.test(host) && isOpen(environment)) {
    throw new ConfigurationError(
      'HOST',
      `lets other machines call this server, but no source of tokens is configured. Set ${tokenSources.join(', ').replace(/, (?=\w+$)/, ' or ')}, or listen on ${variableDefaults.HOST}.`,
    );
  }
  return { host, port };
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
