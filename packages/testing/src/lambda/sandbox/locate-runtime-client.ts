import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The entry file of `aws-lambda-ric`, looked up from each folder in turn. Throws where it is not installed. */
export function locateRuntimeClient(folders: readonly string[]): string {
  for (const folder of folders) {
    try {
      return createRequire(join(folder, 'package.json')).resolve('aws-lambda-ric');
    } catch {
      // Not to be found from here: the next folder is asked.
    }
  }
  throw new Error(
    'startLambdaSandbox needs the package aws-lambda-ric, which is not installed. Run: npm install --save-dev --ignore-scripts aws-lambda-ric@4',
  );
}
