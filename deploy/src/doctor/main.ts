import { DeploymentError } from '../deployment-error.ts';
import { runDoctor } from './run-doctor.ts';

try {
  process.exitCode = await runDoctor(process.argv.slice(2), process.env, console.log);
} catch (error) {
  if (!(error instanceof DeploymentError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
