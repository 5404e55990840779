import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceEntries } from '../scripts/build/source-entries.ts';
import { packageNames, workspaceRoot } from '../scripts/workspace.mjs';
import { compareLists, listsWithoutDoor } from './public-api/compare-lists.ts';
import { judgeHiddenNames } from './public-api/judge-hidden-names.ts';
import { openDoors } from './public-api/open-doors.ts';
import { listName, renderList } from './public-api/render-list.ts';

const folder = join(workspaceRoot, 'checks/api');
const doors = openDoors(workspaceRoot, packageNames.flatMap(sourceEntries));
const lists = new Map(doors.map((door) => [listName(door), renderList(door)]));

if (process.argv.includes('--check')) {
  report(
    compareLists(folder, lists).map((problem) => `checks/api/${problem}`),
    'What the packages export has changed: run npm run api, review the lists as a change for every user, and commit them.',
  );
} else {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of lists) writeFileSync(join(folder, name), text);
  for (const name of listsWithoutDoor(folder, lists)) rmSync(join(folder, name));
}
report(
  judgeHiddenNames(doors, readFileSync(join(folder, 'hidden-names.txt'), 'utf8')),
  'A public type must refer only to public types: export the name from a door, or correct checks/api/hidden-names.txt.',
);

/** Prints the problems, if there are any, and the sentence that says what to do about them. */
function report(problems: readonly string[], advice: string): void {
  if (problems.length === 0) return;
  console.error(`${problems.join('\n')}\n\n${advice}`);
  process.exitCode = 1;
}
