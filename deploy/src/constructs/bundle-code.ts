import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { DeploymentError } from '../deployment-error.ts';

/** The names of the zips that `npm run build` creates. */
export type BundleName = 'function-url' | 'api-gateway' | 'api-gateway-stream' | 'web-function';

/**
 * The code of the function, read from a zip.
 *
 * @param file absolute path of the zip; by default, the one that `npm run build` creates
 * @throws {DeploymentError} if the file does not exist
 */
export function bundleCode(name: BundleName, file?: string): Code {
  return Code.fromAsset(bundleFile(name, file));
}

/** The path of the zip, under the same conditions. */
export function bundleFile(name: BundleName, file: string = builtZip(name)): string {
  if (!existsSync(file)) throw new DeploymentError(`${file} does not exist: run npm run build.`);
  return file;
}

function builtZip(name: BundleName): string {
  return fileURLToPath(new URL(`../../../dist/${name}.zip`, import.meta.url));
}
