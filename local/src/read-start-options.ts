/** What `npm start` was asked for. */
export type StartOptions =
  | { readonly kind: 'help' }
  | { readonly kind: 'serve'; readonly port: number; readonly usesAws: boolean };

/** A command that cannot be carried out as it was given; the message is all that its user needs. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `npm start [-- --aws]

Serves on http://localhost:$PORT, by default in front of an emulated Amazon Bedrock: no account, no cost.

  --aws     call Amazon Bedrock itself, with the credentials that the AWS CLI would use
  --help    print this

  PORT      port to listen on (8787); 0 picks a free one`;

const defaultPort = 8787;

/** Reads the command line and `PORT`. Throws a `UsageError` for what it does not know. */
export function readStartOptions(args: readonly string[], port: string | undefined): StartOptions {
  if (args.includes('--help') || args.includes('-h')) return { kind: 'help' };
  const unknown = args.find((argument) => argument !== '--aws');
  if (unknown !== undefined) throw new UsageError(`unknown argument ${unknown}; see npm start -- --help`);
  return { kind: 'serve', port: readPort(port), usesAws: args.includes('--aws') };
}

function readPort(port: string | undefined): number {
  if (port === undefined || port === '') return defaultPort;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new UsageError('PORT must be a whole number from 0 to 65535');
  return Number(port);
}
