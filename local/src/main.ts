import type { RequestListener } from 'node:http';
import { createLocalFronts, type ServedFront, serveFront } from '@bedrock-proxy/testing/lambda';
import { endWithParent } from '../../scripts/end-with-parent.mjs';
import { judgeStartArguments } from '../../scripts/start-arguments.mjs';
import { withOwnPages } from './own-pages.ts';
import { isOpen, refuseOtherSites } from './refuse-other-sites.ts';

const defaultPort = 8787;

async function main(args: readonly string[]): Promise<void> {
  // The launcher has asked this before it installed anything; here it is for whoever runs this file itself.
  const help = judgeStartArguments(args);
  if (help !== undefined) {
    console.log(help);
    return;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
  endWithParent(() => process.exit(0));

  const listener = await (args.includes('--aws') ? inFrontOfAws() : inFrontOfTheEmulator());
  // In Lambda a fault that nobody catches costs one sandbox; here it would cost every request of this server.
  process.on('uncaughtException', (error) => console.error(error));
  const { port } = await serve(listener, Number(process.env.PORT || defaultPort));
  console.log(`listening on http://localhost:${port}`);
}

// Each way is imported only where it is taken: --help needs neither, and the one needs no SDK.
async function inFrontOfAws(): Promise<RequestListener> {
  const { createAwsFunctions } = await import('./aws-functions.ts');
  const listener = withOwnPages(createLocalFronts(createAwsFunctions()));
  return isOpen(process.env) ? refuseOtherSites(listener) : listener;
}

async function inFrontOfTheEmulator(): Promise<RequestListener> {
  const { startEmulatedFunctions } = await import('./emulated-functions.ts');
  const { emulatedFaults } = await import('./playable-faults.ts');
  return withOwnPages(createLocalFronts(await startEmulatedFunctions()), emulatedFaults);
}

async function serve(listener: RequestListener, port: number): Promise<ServedFront> {
  try {
    return await serveFront(listener, { port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const another = 'set PORT to another one, or to 0 for any that is free';
    if (code === 'EADDRINUSE') throw new Error(`port ${port} is in use; ${another}`);
    if (code === 'EACCES') throw new Error(`port ${port} is not open to this user; ${another}`);
    throw error;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
