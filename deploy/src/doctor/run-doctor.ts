import { examine } from './examine.ts';
import { renderFinding } from './finding.ts';
import { doctorUsage, readDoctorArguments } from './read-doctor-arguments.ts';

/**
 * Examines the proxy that the arguments name, and prints each finding as soon as it is there.
 *
 * @returns the exit code: 0 where everything was examined and is well
 * @throws {import('../deployment-error.ts').DeploymentError} for arguments that it does not understand
 */
export async function runDoctor(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  print: (text: string) => void,
): Promise<number> {
  const patient = readDoctorArguments(args, environment);
  if (patient === undefined) {
    print(doctorUsage);
    return 0;
  }
  let isWell = true;
  for await (const finding of examine(patient)) {
    print(renderFinding(finding, patient.token));
    isWell &&= finding.verdict === 'ok';
  }
  return isWell ? 0 : 1;
}
