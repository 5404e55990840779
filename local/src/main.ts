import type { RequestListener } from 'node:http';
import type { ServerSettings } from '@bedrock-proxy/core/config';
import { createLocalFronts, type FrontOptions, type ServedFront, serveFront } from '@bedrock-proxy/testing/lambda';
import { endWithParent } from '../../scripts/end-with-parent.mjs';
import { validateStartArguments } from '../../scripts/validate-start-arguments.mjs';
import { refuseOtherSites } from './refuse-other-sites.ts';
import { withPlayground } from './with-playground.ts';
import { withWebFunction } from './with-web-function.ts';

const defaultPort = 8787;

async function main(args: readonly string[]): Promise<void> {
  // The launcher validates the arguments before it installs anything. This call is for direct runs of this file.
  const help = validateStartArguments(args);
  if (help !== undefined) {
    console.log(help);
    return;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
  endWithParent(() => process.exit(0));

  // A table is for several instances. One process counts in its memory, and the log says so.
  if (process.env.LIMITS && !process.env.LIMITS_TABLE) process.env.LIMITS_TABLE = ':memory:';
  const [{ readServerSettings }, { forwardedAddress }] = await Promise.all([
    import('@bedrock-proxy/core/config'),
    import('@bedrock-proxy/core/node-http'),
  ]);
  const { host, trustedProxies } = readServerSettings(process.env);
  const source = trustedProxies > 0 ? { sourceIp: forwardedAddress(trustedProxies) } : {};
  const { listener, line } = await (args.includes('--aws')
    ? createAwsListener(source)
    : createEmulatorListener(source));
  // In Lambda, an uncaught exception ends one sandbox. Here, it would end all requests of this server.
  process.on('uncaughtException', (error) => console.error(error));
  const { port } = await serve(listener, { host, port: Number(process.env.PORT || defaultPort) });
  const url = `http://localhost:${port}`;
  console.log(`${line} Playground: ${url}/ (Ctrl-C stops the server)`);
  console.log(`listening on ${url}`);
}

/** What serves the requests, and a sentence about the Bedrock behind it. */
interface Server {
  readonly listener: RequestListener;
  readonly line: string;
}

// Dynamic imports, because --help needs neither module and the emulator needs no SDK.
async function createAwsListener(source: FrontOptions): Promise<Server> {
  const { createAwsFunctions } = await import('./create-aws-functions.ts');
  const { describeCaller } = await import('./describe-caller.ts');
  const { isOpen } = await import('@bedrock-proxy/core/config');
  const line = await describeCaller(process.env);
  const fronts = withWebFunction(createLocalFronts(createAwsFunctions(), source), source);
  const listener = withPlayground(fronts, { isEmulated: false, line });
  return { listener: isOpen(process.env) ? refuseOtherSites(listener) : listener, line };
}

async function createEmulatorListener(source: FrontOptions): Promise<Server> {
  const { startEmulatedFunctions } = await import('./start-emulated-functions.ts');
  const { emulatedFaults } = await import('./playable-faults.ts');
  const line = 'Emulated Bedrock: no AWS account, no cost.';
  const fronts = withWebFunction(createLocalFronts(await startEmulatedFunctions(), source), source);
  return { listener: withPlayground(fronts, { isEmulated: true, line, faults: emulatedFaults }), line };
}

async function serve(
  listener: RequestListener,
  { host, port }: Pick<ServerSettings, 'host' | 'port'>,
): Promise<ServedFront> {
  try {
    return await serveFront(listener, { host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const hint = 'set PORT to another port, or to 0 for a free port';
    if (code === 'EADDRINUSE') throw new Error(`port ${port} is in use; ${hint}`);
    if (code === 'EADDRNOTAVAIL') throw new Error(`${host} is no address of this machine; set HOST to another address`);
    if (code === 'EACCES') throw new Error(`this user must not use port ${port}; ${hint}`);
    throw error;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
