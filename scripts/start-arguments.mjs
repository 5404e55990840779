import { StepFailure } from './run-process.mjs';

const usage = `npm start [-- --aws]

Serves on http://localhost:$PORT, by default in front of an emulated Amazon Bedrock: no account, no cost.

  --aws     call Amazon Bedrock itself, with the credentials and the Region that the AWS CLI would use
            (AWS_PROFILE, AWS_REGION; "Region is missing" in the log: neither names one)
  --help    print this

  PORT      port to listen on (8787); 0 picks a free one

/prod/… is served as by a REST API, /http/… by an HTTP API, /stream/… by a REST API that streams, all else by a
Function URL. The variables of docs/configuration.md hold here as well: with no token set any will do, and none.`;

/**
 * Judges the arguments of `npm start` before anything is installed.
 *
 * @param {readonly string[]} args
 * @param {string | undefined} [port]
 * @returns {string | undefined} the help where it was asked for
 * @throws {StepFailure} on an unknown argument or an unusable PORT
 */
export function judgeStartArguments(args, port = process.env.PORT) {
  if (args.includes('--help') || args.includes('-h')) return usage;
  const unknown = args.find((argument) => argument !== '--aws');
  if (unknown !== undefined) throw new StepFailure(`unknown argument ${unknown}; see npm start -- --help`);
  if (port && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new StepFailure('PORT must be a whole number from 0 to 65535');
  }
  return undefined;
}
