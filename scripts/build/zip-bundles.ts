import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../workspace.mjs';
import { zipFolder } from './zip-folder.ts';

/** The name of each zip and the folder that it contains. */
const bundleFolders = {
  'function-url.zip': 'packages/lambda-adapter/dist/lambda',
  'api-gateway.zip': 'packages/apigw-adapter/dist/lambda',
  'api-gateway-stream.zip': 'packages/apigw-adapter/dist/lambda-stream',
  'web-function.zip': 'packages/lambda-adapter/dist/web-function',
};

/** Writes the zips to the root's dist folder. Each zip has `index.mjs` and its chunks at the top level. */
export function zipBundles(): void {
  mkdirSync(join(workspaceRoot, 'dist'), { recursive: true });
  for (const [name, folder] of Object.entries(bundleFolders)) {
    writeFileSync(join(workspaceRoot, 'dist', name), zipFolder(join(workspaceRoot, folder)));
  }
}
