import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Finds the entry file of `aws-lambda-ric` from one of the folders. Throws if the package is not installed. */
export function locateRuntimeClient(folders: readonly string[]): string {
  for (const folder of folders) {
    try {
      return createRequire(join(folder, 'package.json')).resolve('aws-lambda-ric');
    } catch {
      // Try the next folder.
    }
  }
  throw new Error(
    'startLambdaSandbox needs the package aws-lambda-ric, which is not installed. Run: npm install --save-dev --ignore-scripts aws-lambda-ric@4',
  );
}
