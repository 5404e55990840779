import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { DeploymentError } from '../deployment-error.ts';

/** The three zips that `npm run build` makes. */
export type BundleName = 'function-url' | 'api-gateway' | 'api-gateway-stream';

/**
 * The code of a front's function.
 *
 * @param file another zip than the one that was built
 * @throws {DeploymentError} where it is not there
 */
export function bundleCode(name: BundleName, file: string = builtZip(name)): Code {
  if (!existsSync(file)) throw new DeploymentError(`${file} is not there: run npm run build first.`);
  return Code.fromAsset(file);
}

function builtZip(name: BundleName): string {
  return fileURLToPath(new URL(`../../../dist/${name}.zip`, import.meta.url));
}
