import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StepFailure } from './run-process.mjs';
import { notesFolder } from './workspace.mjs';

const lockFile = join(notesFolder, 'lock');
const pollMilliseconds = 200;
const longestWaitMilliseconds = 15 * 60_000;

/**
 * Lets one launcher at a time install and build: `npm test` beside `npm start` waits its turn. A lock whose owner died
 * is taken over.
 *
 * @param {() => Promise<void>} work
 */
export async function withWorkspaceLock(work) {
  mkdirSync(notesFolder, { recursive: true });
  for (let waited = 0; !acquire(); waited += pollMilliseconds) {
    if (waited === 0) process.stderr.write('waiting for another npm script of this workspace to install or build…\n');
    if (waited >= longestWaitMilliseconds) throw new StepFailure(`${lockFile} is still held; delete it to go on`);
    await pause(pollMilliseconds);
  }
  try {
    await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function acquire() {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const owner = Number(readOwner());
    if (owner > 0 && !isAlive(owner)) rmSync(lockFile, { force: true });
    return false;
  }
}

function readOwner() {
  try {
    return readFileSync(lockFile, 'utf8');
  } catch {
    return '';
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
