import { describeUnknownProfile } from './describe-unknown-profile.mjs';
import { StepFailure } from './run-process.mjs';

const usage = `npm start [-- --aws]

Runs the proxy at http://localhost:$PORT. By default, it uses an emulated Amazon Bedrock: no account, no cost.

  --aws     call Amazon Bedrock with the credentials and the Region of the AWS CLI (AWS_PROFILE, AWS_REGION); write
            -- before it, because npm reads --aws as three options of its own
  --help    print this help

  PORT      the port to listen on (8787); 0 selects a free port
  HOST      the address to listen on (127.0.0.1); another one needs a token, such as AUTH_TOKEN

Endpoints: /prod/… is a REST API, /http/… an HTTP API, /stream/… a REST API that streams, /web/… a Web Function, and
all other paths are a Function URL. The variables of docs/configuration.md apply. If no token is set, requests need no token.
The log has one line for each request: at a terminal for people, in a pipe as JSON.`;

/**
 * Validates the arguments of `npm start`. Works before dependencies are installed.
 *
 * @param {readonly string[]} args
 * @param {string | undefined} [port]
 * @returns {string | undefined} the help text if help is requested, otherwise undefined
 * @throws {StepFailure} if an argument or PORT is invalid, or AWS_PROFILE does not exist
 */
export function validateStartArguments(args, port = process.env.PORT) {
  if (args.includes('--help') || args.includes('-h')) return usage;
  const unknown = args.find((argument) => argument !== '--aws');
  if (unknown !== undefined) throw new StepFailure(`unknown argument ${unknown}; see npm start -- --help`);
  if (port && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new StepFailure('PORT must be a whole number from 0 to 65535');
  }
  // An API key of Bedrock needs no profile.
  const unknownProfile =
    args.includes('--aws') && !process.env.AWS_BEARER_TOKEN_BEDROCK ? describeUnknownProfile() : undefined;
  if (unknownProfile !== undefined) throw new StepFailure(unknownProfile);
  return undefined;
}
