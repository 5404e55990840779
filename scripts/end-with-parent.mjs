import { readFileSync } from 'node:fs';

const pollMilliseconds = 500;

/**
 * Calls `end` once when the parent process has ended, so that no process remains after npm is killed. npm runs scripts
 * through `sh -c`, and this shell can outlive npm. In that case, the parent of the shell is watched too.
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
 * The parent of a `sh -c` process. Undefined for other processes, for an interactive shell, and on systems without
 * /proc. On those systems, `sh -c` replaces itself by the command, so the parent is npm.
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
