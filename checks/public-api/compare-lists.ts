import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Compares the lists of a folder with the current lists of the doors.
 *
 * @param lists the text of each list, by its file's name
 * @returns one problem for each list that is missing, differs or has no door: the name of the file, then the problem
 */
export function compareLists(folder: string, lists: ReadonlyMap<string, string>): readonly string[] {
  return [
    ...[...lists].flatMap(([name, text]) => {
      const path = join(folder, name);
      if (!existsSync(path)) return [`${name}\nthis door has no list`];
      return readFileSync(path, 'utf8') === text ? [] : [`${name}\n${differenceBetween(path, text)}`];
    }),
    ...listsWithoutDoor(folder, lists).map((name) => `${name}\nthis list has no door`),
  ];
}

/** The names of the lists whose doors no longer exist. */
export function listsWithoutDoor(folder: string, lists: ReadonlyMap<string, string>): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.api.txt') && !lists.has(name));
}

/** The lines that differ between a file and `text`, as git shows them. */
function differenceBetween(path: string, text: string): string {
  const scratch = mkdtempSync(join(tmpdir(), 'bedrock-proxy-api-'));
  try {
    const now = join(scratch, 'now.txt');
    writeFileSync(now, text);
    const args = ['diff', '--no-index', '--no-color', '--no-ext-diff', path, now];
    const { stdout } = spawnSync('git', args, { encoding: 'utf8' });
    return stdout.slice(stdout.indexOf('@@')).trimEnd();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
