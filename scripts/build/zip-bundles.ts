import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { workspaceRoot } from '../workspace.mjs';

/** What is uploaded, and the deployable folder that it holds. */
const bundleFolders = {
  'function-url.zip': 'packages/lambda-adapter/dist/lambda',
  'api-gateway.zip': 'packages/apigw-adapter/dist/lambda',
  'api-gateway-stream.zip': 'packages/apigw-adapter/dist/lambda-stream',
};

/** The local time that zip stores; the same in every zone, so that the same sources give the same bytes. */
const epochOfZip = new Date(1980, 0, 1);
const unix = 3;
const readableByAll = 0o100644 << 16;

/** Writes the uploads into the root's dist: `index.mjs` and its chunks at the top, byte for byte reproducible. */
export function zipBundles(): void {
  mkdirSync(join(workspaceRoot, 'dist'), { recursive: true });
  for (const [name, folder] of Object.entries(bundleFolders)) {
    const files: Zippable = {};
    for (const file of readdirSync(join(workspaceRoot, folder)).sort()) {
      files[file] = readFileSync(join(workspaceRoot, folder, file));
    }
    const zip = zipSync(files, { level: 9, mtime: epochOfZip, os: unix, attrs: readableByAll });
    writeFileSync(join(workspaceRoot, 'dist', name), zip);
  }
}
