import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../workspace.mjs';
import { zipFolder } from './zip-folder.ts';

/** What is uploaded, and the deployable folder that it holds. */
const bundleFolders = {
  'function-url.zip': 'packages/lambda-adapter/dist/lambda',
  'api-gateway.zip': 'packages/apigw-adapter/dist/lambda',
  'api-gateway-stream.zip': 'packages/apigw-adapter/dist/lambda-stream',
};

/** Writes the uploads into the root's dist: `index.mjs` and its chunks at the top of each. */
export function zipBundles(): void {
  mkdirSync(join(workspaceRoot, 'dist'), { recursive: true });
  for (const [name, folder] of Object.entries(bundleFolders)) {
    writeFileSync(join(workspaceRoot, 'dist', name), zipFolder(join(workspaceRoot, folder)));
  }
}
