import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StepFailure } from './run-process.mjs';
import { notesFolder } from './workspace.mjs';

const pollMilliseconds = 200;
const maxWaitMilliseconds = 15 * 60_000;

/**
 * Runs `work` while no other npm script of this workspace installs or builds.
 *
 * @param {() => Promise<void>} work
 */
export async function withWorkspaceLock(work) {
  await withLock(join(notesFolder, 'lock'), work);
}

/**
 * Runs `work` while no other process of this workspace holds this lock file. Removes the lock of a process that has ended.
 *
 * @param {string} lockFile
 * @param {() => Promise<void>} work
 */
export async function withLock(lockFile, work) {
  mkdirSync(dirname(lockFile), { recursive: true });
  for (let waited = 0; !acquire(lockFile); waited += pollMilliseconds) {
    if (waited === 0) process.stderr.write('waiting for another process of this workspace to install or build…\n');
    if (waited >= maxWaitMilliseconds)
      throw new StepFailure(`${lockFile} is still locked by another process; delete the file to continue`);
    await pause(pollMilliseconds);
  }
  try {
    await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

/** @param {string} lockFile */
function acquire(lockFile) {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const owner = Number(readOwner(lockFile));
    if (owner > 0 && !isAlive(owner)) rmSync(lockFile, { force: true });
    return false;
  }
}

/** @param {string} lockFile */
function readOwner(lockFile) {
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
