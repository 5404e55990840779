import { describeUnknownProfile } from '../describe-unknown-profile.mjs';
import { StepFailure } from '../run-process.mjs';
import { createToken } from './create-token.mjs';
import { editTokens } from './edit-tokens.mjs';
import { readTokenArguments } from './read-token-arguments.mjs';

const usage = `npm run token -- create --id <who> [options]            prints a token, and the record that accepts it
npm run token -- add --id <who> STORE [options]         creates a token, and adds its record to a store
npm run token -- list STORE                             shows the records of a store
npm run token -- revoke --id <who> STORE                removes the records of an owner from a store

A token is printed once. Its record contains only a hash of it, and belongs into the JSON array in AUTH_TOKENS, or
in the secret or parameter of the proxy. STORE is --secret <name> in Secrets Manager, or --parameter <name> in
Parameter Store. The AWS CLI reads and writes it (AWS_PROFILE, AWS_REGION).

  --id <who>            the owner of the token; the log shows it for every request
  --models <globs>      the allowed models, such as 'anthropic.*,us.anthropic.*' (default: all)
  --ips <CIDRs>         the allowed client addresses, such as '10.0.0.0/8,2001:db8::/32' (default: all)
  --no-stream           do not allow streaming
  --not-before <time>   the start of validity: 2026-12-31, 2026-12-31T18:00:00Z, or 12h or 7d from now
  --expires <time>      the end of validity, in the same formats (default: no end)
  --yes                 change a store without a question
  --help                print this help`;

/**
 * Returns the output of `npm run token`. Works before dependencies are installed.
 *
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 * @throws {import('../run-process.mjs').StepFailure} if an argument is invalid, or a store cannot be changed
 */
export async function answerTokenCommand(args) {
  const command = readTokenArguments(args);
  if (command === 'help') return usage;
  if (command.name !== 'create') {
    const unknownProfile = describeUnknownProfile();
    if (unknownProfile !== undefined) throw new StepFailure(unknownProfile);
    return await editTokens(command);
  }
  const { token, record } = createToken(command.rights);
  return `The token is shown only once. Send it to its owner over a secure channel. Clients send it as "Authorization: Bearer <token>":

${token}

The record contains only a hash of the token. Add it to the JSON array in AUTH_TOKENS, the secret or the parameter:

${JSON.stringify(record)}`;
}
