import type { RequestListener } from 'node:http';
import { createLocalFronts, type ServedFront, serveFront } from '@bedrock-proxy/testing/lambda';
import { endWithParent } from '../../scripts/end-with-parent.mjs';
import { validateStartArguments } from '../../scripts/validate-start-arguments.mjs';
import { isOpen, refuseOtherSites } from './refuse-other-sites.ts';
import { withPlayground } from './with-playground.ts';

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
  const listener = await (args.includes('--aws') ? createAwsListener() : createEmulatorListener());
  // In Lambda, an uncaught exception ends one sandbox. Here, it would end all requests of this server.
  process.on('uncaughtException', (error) => console.error(error));
  const { port } = await serve(listener, Number(process.env.PORT || defaultPort));
  console.log(`listening on http://localhost:${port}`);
}

// Dynamic imports, because --help needs neither module and the emulator needs no SDK.
async function createAwsListener(): Promise<RequestListener> {
  const { createAwsFunctions } = await import('./create-aws-functions.ts');
  const listener = withPlayground(createLocalFronts(createAwsFunctions()));
  return isOpen(process.env) ? refuseOtherSites(listener) : listener;
}

async function createEmulatorListener(): Promise<RequestListener> {
  const { startEmulatedFunctions } = await import('./start-emulated-functions.ts');
  const { emulatedFaults } = await import('./playable-faults.ts');
  return withPlayground(createLocalFronts(await startEmulatedFunctions()), emulatedFaults);
}

async function serve(listener: RequestListener, port: number): Promise<ServedFront> {
  try {
    return await serveFront(listener, { port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const hint = 'set PORT to another port, or to 0 for a free port';
    if (code === 'EADDRINUSE') throw new Error(`port ${port} is in use; ${hint}`);
    if (code === 'EACCES') throw new Error(`this user must not use port ${port}; ${hint}`);
    throw error;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
