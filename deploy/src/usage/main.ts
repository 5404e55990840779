import { describeUnknownProfile } from '../../../scripts/describe-unknown-profile.mjs';
import { DeploymentError } from '../deployment-error.ts';
import { printUsage } from './print-usage.ts';
import { readUsageArguments, usageHelp } from './read-usage-arguments.ts';
import { summarizeUsage } from './summarize-usage.ts';

/** A table that is read for longer than this shows its progress. */
const quietMs = 2_000;

async function main(args: readonly string[]): Promise<void> {
  const request = readUsageArguments(args, process.env);
  if (!request) {
    console.log(usageHelp);
    return;
  }
  const { table, limits, principal, team, json, region, profile } = request;
  const unknownProfile = describeUnknownProfile(profile);
  if (unknownProfile !== undefined) throw new DeploymentError(unknownProfile);
  if (profile !== undefined) process.env.AWS_PROFILE = profile;
  // The SDK takes a second to load, which --help and a wrong option do not need.
  const { readTable } = await import('./read-table.ts');
  let nextNote = Date.now() + quietMs;
  const items = await readTable({ table, region }, (count) => {
    if (Date.now() < nextNote) return;
    nextNote = Date.now() + quietMs;
    console.error(`read ${count.toLocaleString('en-US')} items…`);
  });
  const subjects = summarizeUsage(items, limits).filter(
    ({ kind, name }) =>
      (principal === undefined && team === undefined) ||
      (kind === 'principal' && name === principal) ||
      (kind === 'team' && name === team),
  );
  console.log(json ? JSON.stringify(subjects, undefined, 2) : printUsage(subjects));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof DeploymentError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
