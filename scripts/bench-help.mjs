const usage = `npm run bench -- [options]

Measures speed and size of the bundles and of other implementations, in about twelve minutes, and writes bench/results.json.

  --only LIST    a part of the measurements, separated by commas; nothing is written then:
                 bytes, span, start, burst, answers, request, firstText, memory, pausedReader, many
  --rounds N     repetitions of each measurement (5)
  --starts N     repetitions of each start (15)
  --help         print this help`;

/**
 * @param {readonly string[]} args
 * @returns {string | undefined} the help text if help is requested
 */
export function benchHelp(args) {
  return args.includes('--help') || args.includes('-h') ? usage : undefined;
}
