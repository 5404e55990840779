import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { endWithParent } from './end-with-parent.mjs';
import { workspaceNode, workspaceRoot } from './workspace.mjs';

/** An error that the user can fix. The launcher prints its message without a stack. */
export class StepFailure extends Error {}

/** @type {readonly NodeJS.Signals[]} */
const forwardedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a script in the workspace's Node with this process's terminal. Forwards signals, and ends the script if the
 * parent of this process ends.
 *
 * @param {readonly string[]} args the path of the script, relative to the workspace root, and its arguments
 * @param {NodeJS.ReadWriteStream} [filter] changes the standard output of the script on its way to the terminal
 * @returns {Promise<number>} the exit code; 128 + n if signal n ended the script
 */
export async function runInForeground(args, filter) {
  const stdout = filter ? 'pipe' : 'inherit';
  const child = spawn(workspaceNode, args, { cwd: workspaceRoot, stdio: ['inherit', stdout, 'inherit'] });
  if (filter) child.stdout?.pipe(filter).pipe(process.stdout);
  return await exitCodeOf(child);
}

/**
 * Runs a step. Its output is shown only if the step fails.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, fix: string }} options `fix` tells the user how to fix a failure
 * @throws {StepFailure} with the end of the output, if the exit code is not 0
 */
export async function runQuietly(command, args, { env = process.env, fix }) {
  const child = spawn(command, args, { cwd: workspaceRoot, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (/** @type {Buffer} */ piece) => {
    output = (output + piece).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await exitCodeOf(child);
  if (code > 128) throw new StepFailure(`${command} was stopped`);
  if (code !== 0)
    throw new StepFailure(`${output.trimEnd()}\n\n${command} ${args.join(' ')} ended with ${code}. ${fix}`);
}

/**
 * Runs a command in the workspace's root, with this process's terminal.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code; 128 + n if signal n ended the command
 */
export async function runCommandInForeground(command, args, env) {
  return await exitCodeOf(spawn(command, args, { cwd: workspaceRoot, env, stdio: 'inherit' }));
}

/** @param {import('node:child_process').ChildProcess} child */
async function exitCodeOf(child) {
  const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  for (const signal of forwardedSignals) process.on(signal, forward);
  const stopWatching = endWithParent(() => child.kill('SIGTERM'));
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (error) => reject(new StepFailure(`could not run ${child.spawnfile}: ${error.message}`)));
      child.once('close', (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
    });
  } finally {
    stopWatching();
    for (const signal of forwardedSignals) process.off(signal, forward);
  }
}

/** @param {NodeJS.Signals | null} signal */
function signalNumber(signal) {
  return signal === null ? 0 : (constants.signals[signal] ?? 0);
}
