import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../scripts/workspace.mjs';
import { buildInstrumented } from './request-path/build-instrumented.ts';
import { type Entry, followRequest } from './request-path/follow-request.ts';

/**
 * The limits for one warm streamed request through a Function URL, with every dialect in the house: its route is asked before the native
 * one, and its own files count. A reader must be able to follow the request.
 */
const most = { beforeFirstChunk: 20, inAll: 36, intoServe: 2, atStart: 90 };

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
    ['files that a cold start reads', most.atStart, sources.atStart],
  ];
  for (const [measure, limit, files] of rows) {
    const isOver = files.length > limit;
    if (isOver) process.exitCode = 1;
    console.log(`${isOver ? 'x' : '✔'} ${measure}: ${files.length} (at most ${limit})`);
    if (isOver || process.argv.includes('--files')) console.log(files.map((file) => `    ${file}`).join('\n'));
  }
  console.log(`  files behind the Lambda entry, with what is loaded at its first use: ${sources.all.length}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function distinct(entries: readonly Entry[]): readonly string[] {
  return [...new Set(entries.map(({ file }) => file))];
}

/** The functions of a file that are entered from another one. */
function entriesInto(end: string, entries: readonly Entry[]): readonly string[] {
  return entries
    .filter(({ file }, index) => file.endsWith(end) && entries[index - 1]?.file !== file)
    .map(({ file, name }) => `${file}: ${name}`);
}
