import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../scripts/workspace.mjs';
import { buildInstrumented } from './request-path/build-instrumented.ts';
import { type Entry, followRequest } from './request-path/follow-request.ts';

/** A native request enters the routes of the other dialects and leaves them at once: nobody reads them to follow it. */
const ofAnotherDialect = /\/dialects\/(?!native\/)[^/]+\//;
/**
 * The limits for one warm streamed request through a Function URL. A reader must be able to follow it. The routes of other dialects are
 * asked before the native one, and count as nothing. One file judges the settings of Bedrock that a request brings.
 */
const most = { beforeFirstChunk: 20, inAll: 36, intoServe: 2, behindEntry: 102 };

// Within the workspace, so that what is not bundled is found.
const folder = mkdtempSync(join(workspaceRoot, 'node_modules/.request-path-'));
try {
  const sources = await buildInstrumented(folder);
  const entries = await followRequest(folder);
  // The reader of frames is created once the first bytes of the answer are there.
  const firstRead = entries.findIndex(({ file }) => file.endsWith('/bedrock/frame-reader.ts'));
  const rows: readonly (readonly [measure: string, limit: number, files: readonly string[]])[] = [
    ["files entered before Bedrock's first chunk", most.beforeFirstChunk, distinct(entries.slice(0, firstRead))],
    ['files entered in all', most.inAll, distinct(entries)],
    ['entries into serve.ts', most.intoServe, entriesInto('/http/serve.ts', entries)],
    ['files behind the Lambda entry', most.behindEntry, sources.filter((file) => !ofAnotherDialect.test(file))],
  ];
  for (const [measure, limit, files] of rows) {
    const isOver = files.length > limit;
    if (isOver) process.exitCode = 1;
    console.log(`${isOver ? 'x' : '✔'} ${measure}: ${files.length} (at most ${limit})`);
    if (isOver || process.argv.includes('--files')) console.log(files.map((file) => `    ${file}`).join('\n'));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function distinct(entries: readonly Entry[]): readonly string[] {
  return [...new Set(entries.map(({ file }) => file).filter((file) => !ofAnotherDialect.test(file)))];
}

/** The functions of a file that are entered from another one. */
function entriesInto(end: string, entries: readonly Entry[]): readonly string[] {
  return entries
    .filter(({ file }, index) => file.endsWith(end) && entries[index - 1]?.file !== file)
    .map(({ file, name }) => `${file}: ${name}`);
}
