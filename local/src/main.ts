import { createLocalFronts, type LocalFunctions, type ServedFront, serveFront } from '@bedrock-proxy/testing/lambda';
import { endWithParent } from './end-with-parent.ts';
import { withOwnPages } from './own-pages.ts';
import { readStartOptions, UsageError, usage } from './read-start-options.ts';

async function main(): Promise<void> {
  const options = readStartOptions(process.argv.slice(2), process.env.PORT);
  if (options.kind === 'help') {
    console.log(usage);
    return;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
  endWithParent({ readParentId: () => process.ppid, onGone: () => process.exit(0) });

  const functions = await (options.usesAws ? awsFunctions() : emulatedFunctions());
  // In Lambda a fault that nobody catches costs one sandbox; here it would cost every request of this server.
  process.on('uncaughtException', (error) => console.error(error));
  const { port } = await serve(functions, options.port);
  console.log(`listening on http://localhost:${port}`);
}

// Each way is imported only where it is taken: --help needs neither, and the one needs no SDK.
async function awsFunctions(): Promise<LocalFunctions> {
  const { createAwsFunctions } = await import('./aws-functions.ts');
  return createAwsFunctions();
}

async function emulatedFunctions(): Promise<LocalFunctions> {
  const { startEmulatedFunctions } = await import('./emulated-functions.ts');
  return startEmulatedFunctions();
}

async function serve(functions: LocalFunctions, port: number): Promise<ServedFront> {
  try {
    return await serveFront(withOwnPages(createLocalFronts(functions)), { port });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'EADDRINUSE')
      throw new UsageError(`port ${port} is in use; choose another: PORT=8788 npm start`);
    if (error.code === 'EACCES')
      throw new UsageError(`port ${port} is not open to this user; choose another: PORT=8788 npm start`);
    throw error;
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
