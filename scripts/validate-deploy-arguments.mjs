import { describeUnknownProfile } from './describe-unknown-profile.mjs';
import { StepFailure } from './run-process.mjs';

/**
 * The tools of deploy/ read their arguments in TypeScript that imports no dependency, so they can do it before the installation. An
 * older Node cannot run TypeScript, and reports the same after the installation.
 */
const canRunTypeScript = 'typescript' in process.features && Boolean(process.features.typescript);

/** @param {readonly string[]} args */
export async function validateSynthArguments(args) {
  return await readDeployment('synth', args);
}

/** @param {readonly string[]} args */
export async function validateDeployArguments(args) {
  return await readDeployment('deploy', args);
}

/** @param {readonly string[]} args */
export async function validateDoctorArguments(args) {
  return await early(async () => {
    const { doctorUsage, readDoctorArguments } = await import('../deploy/src/doctor/read-doctor-arguments.ts');
    return readDoctorArguments(args, process.env) === undefined ? doctorUsage : undefined;
  });
}

/**
 * @param {'synth' | 'deploy'} name
 * @param {readonly string[]} args
 */
async function readDeployment(name, args) {
  return await early(async () => {
    const { readArguments } = await import('../deploy/src/app/read-arguments.ts');
    const command = readArguments([name, ...args]);
    if (command.name === 'help') return command.text;
    const unknownProfile = command.name === 'synth' ? undefined : describeUnknownProfile(command.profile);
    if (unknownProfile !== undefined) throw new StepFailure(unknownProfile);
    return undefined;
  });
}

/**
 * @param {() => Promise<string | undefined>} read
 * @returns {Promise<string | undefined>} the help text if help is requested
 * @throws {StepFailure} if an argument is invalid
 */
async function early(read) {
  if (!canRunTypeScript) return undefined;
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && error.name === 'DeploymentError') throw new StepFailure(error.message);
    throw error;
  }
}
