import { createToken } from './create-token.mjs';
import { readTokenArguments } from './read-token-arguments.mjs';

const usage = `npm run token -- create --id <who> [options]

Creates a token and prints it once, together with its record. The record contains only a hash of the
token. Add the record to the JSON array in AUTH_TOKENS, or in the secret or parameter of the proxy.

  --id <who>            the owner of the token; the log shows it for every request
  --models <globs>      the allowed models, such as 'anthropic.*,us.anthropic.*' (default: all)
  --ips <CIDRs>         the allowed client addresses, such as '10.0.0.0/8,2001:db8::/32' (default: all)
  --no-stream           do not allow streaming
  --not-before <time>   the start of validity: 2026-12-31, 2026-12-31T18:00:00Z, or 12h or 7d from now
  --expires <time>      the end of validity, in the same formats (default: no end)
  --help                print this help`;

/**
 * Returns the output of `npm run token`. Works before dependencies are installed.
 *
 * @param {readonly string[]} args
 * @throws {import('../run-process.mjs').StepFailure} if an argument is invalid
 */
export function answerTokenCommand(args) {
  const rights = readTokenArguments(args);
  if (rights === 'help') return usage;
  const { token, record } = createToken(rights);
  return `The token is shown only once. Send it to its owner over a secure channel. Clients send it as "Authorization: Bearer <token>":

${token}

The record contains only a hash of the token. Add it to the JSON array in AUTH_TOKENS, the secret or the parameter:

${JSON.stringify(record)}`;
}
