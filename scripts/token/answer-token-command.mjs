import { createToken } from './create-token.mjs';
import { readTokenArguments } from './read-token-arguments.mjs';

const usage = `npm run token -- create --id <who> [options]

Makes a token and prints it, once, with the record that accepts it. The record holds a hash alone:
put it into the JSON array of AUTH_TOKENS, of the secret or of the parameter that the proxy reads.

  --id <who>            who the token is for; every request is logged under it
  --models <globs>      models that it may use, such as 'anthropic.*,us.anthropic.*'; any without this
  --ips <CIDRs>         where it may be used from, such as '10.0.0.0/8,2001:db8::/32'; anywhere without this
  --no-stream           it may not stream
  --not-before <time>   when it begins: 2026-12-31, 2026-12-31T18:00:00Z, or in 12h or 7d
  --expires <time>      when it ends, in the same forms; never without this
  --help                print this`;

/**
 * Answers `npm run token`, for which nothing has to be installed.
 *
 * @param {readonly string[]} args
 * @throws {import('../run-process.mjs').StepFailure} that says what to write instead
 */
export function answerTokenCommand(args) {
  const rights = readTokenArguments(args);
  if (rights === 'help') return usage;
  const { token, record } = createToken(rights);
  return `The token, shown this once. Hand it over by a safe way; it is sent as "Authorization: Bearer <token>":

${token}

The record that accepts it, by its hash alone: an item of the JSON array in AUTH_TOKENS, the secret or the parameter:

${JSON.stringify(record)}`;
}
