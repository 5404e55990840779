import { DeploymentError } from '../deployment-error.ts';
import { examine } from './examine.ts';
import { renderFinding } from './finding.ts';
import { doctorUsage, readDoctorArguments } from './read-doctor-arguments.ts';

async function main(args: readonly string[]): Promise<number> {
  const patient = readDoctorArguments(args, process.env);
  if (patient === undefined) {
    console.log(doctorUsage);
    return 0;
  }
  let isWell = true;
  for await (const finding of examine(patient)) {
    console.log(renderFinding(finding, patient.token));
    isWell &&= finding.verdict === 'ok';
  }
  return isWell ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof DeploymentError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  },
);
