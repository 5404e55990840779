import { checkDeployment } from './check-deployment.ts';
import { renderFinding } from './finding.ts';
import { doctorUsage, readDoctorArguments } from './read-doctor-arguments.ts';

/**
 * Checks a deployed proxy and prints each finding immediately.
 *
 * @returns the exit code: 0 if all checks ran and succeeded, otherwise 1
 * @throws {import('../deployment-error.ts').DeploymentError} if an argument is invalid
 */
export async function runDoctor(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  print: (text: string) => void,
): Promise<number> {
  const deployment = readDoctorArguments(args, environment);
  if (deployment === undefined) {
    print(doctorUsage);
    return 0;
  }
  let allOk = true;
  for await (const finding of checkDeployment(deployment)) {
    print(renderFinding(finding, deployment.token));
    allOk &&= finding.verdict === 'ok' || finding.verdict === 'warn';
  }
  return allOk ? 0 : 1;
}
