import { readFileSync } from 'node:fs';

const pollMilliseconds = 500;

/**
 * Calls `end` once when the process that started this one is gone, so that killing npm leaves nothing behind.
 * npm runs a script through `sh -c`, and a shell that stays outlives npm: then the shell's own parent is watched too.
 *
 * @param {() => void} end
 * @returns {() => void} stops the watch
 */
export function endWithParent(end) {
  const parent = process.ppid;
  const grandparent = parentOfShell(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOfShell(parent) === grandparent) return;
    clearInterval(timer);
    end();
  }, pollMilliseconds);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * The parent of a shell that runs one command for another process. Undefined for anything else, for a person's own
 * shell, and where there is no /proc (other systems' `sh -c` becomes the command, so that the parent is npm itself).
 *
 * @param {number} pid
 */
function parentOfShell(pid) {
  try {
    const [name, ...rest] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (!name || !/(?:^|\/)(?:da|ba)?sh$/.test(name) || rest[0] !== '-c') return undefined;
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]);
  } catch {
    return undefined;
  }
}
