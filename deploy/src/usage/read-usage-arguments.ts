// Node's own parser is enough here: it refuses unknown options, types the values and adds no dependency.
import { parseArgs } from 'node:util';
import type { LimitSettings } from '@bedrock-proxy/core/limits';
import { readLimitsFile } from '../app/read-limits-file.ts';
import { DeploymentError } from '../deployment-error.ts';

export const usageHelp = `npm run usage -- --table NAME [options]

Prints what each caller, each team and everyone have used, from the table of limits, with what calls under way hold.

  --table NAME        the table of limits (default: LIMITS_TABLE); deploy prints its name as LimitsTable
  --limits FILE       the limits that were deployed, as JSON; then the report also shows what is left. The limits of a
                      token record are not in this file
  --principal ID      only this caller
  --team NAME         only this team
  --json              print JSON
  --region NAME       the Region of the table (default: AWS_REGION or the Region of the profile)
  --profile NAME      the AWS CLI profile to read with (default: AWS_PROFILE)
  --help              print this help`;

/** What the command line of `npm run usage` asks for. */
export interface UsageRequest {
  readonly table: string;
  readonly limits?: LimitSettings;
  readonly principal?: string;
  readonly team?: string;
  readonly json: boolean;
  readonly region?: string;
  readonly profile?: string;
}

/**
 * Reads the command line of `npm run usage`.
 *
 * @returns undefined if help is requested
 * @throws {DeploymentError} if an argument is invalid
 */
export function readUsageArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): UsageRequest | undefined {
  const { help, json, limits, table = environment['LIMITS_TABLE'], ...others } = parse(args);
  if (help) return undefined;
  if (!table || table === ':memory:')
    throw new DeploymentError('Name the table with --table; see npm run usage -- --help.');
  return {
    ...{ table, json: json ?? false, ...others },
    ...(limits !== undefined && { limits: readLimitsFile(limits) }),
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' } },
        ...{ table: text, limits: text, principal: text, team: text, region: text, profile: text },
      },
    }).values;
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new DeploymentError(`${sentence}; see --help.`);
  }
}
