import {
  api,
  bench,
  changeset,
  checkArchitecture,
  checkPackages,
  deploy,
  doctor,
  format,
  generateDocuments,
  knip,
  lint,
  publish,
  reportBundles,
  start,
  synth,
  test,
  testAll,
  typecheck,
} from './commands.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { StepFailure } from './run-process.mjs';
import { judgeStartArguments } from './start-arguments.mjs';
import { answerTokenCommand } from './token/answer-token-command.mjs';
import { withWorkspaceLock } from './workspace-lock.mjs';

/**
 * @typedef {object} Command
 * @property {import('./ensure-installed.mjs').InstallLevel} [install] what has to be in node_modules
 * @property {import('./ensure-built.mjs').BuildLevel} [build] what has to be in the dist folders
 * @property {(args: readonly string[]) => string | undefined} [judge] answers at once, before anything is installed
 * @property {(args: readonly string[]) => Promise<number>} [run] resolves to the exit code
 */

/** @type {Readonly<Record<string, Command>>} */
const commands = {
  start: { install: 'start', build: 'javascript', judge: judgeStartArguments, run: start },
  token: { judge: answerTokenCommand },
  test: { install: 'test', build: 'javascript', run: test },
  'test:all': { install: 'all', build: 'everything', run: testAll },
  install: { install: 'all' },
  build: { install: 'test', build: 'everything' },
  lint: { install: 'all', run: lint },
  format: { install: 'all', run: format },
  docs: { install: 'all', run: generateDocuments },
  changeset: { install: 'all', run: changeset },
  'publish-packages': { install: 'all', build: 'everything', run: publish },
  typecheck: { install: 'all', run: typecheck },
  architecture: { install: 'all', run: checkArchitecture },
  knip: { install: 'all', run: knip },
  api: { install: 'all', run: api },
  'bundle:report': { install: 'test', build: 'everything', run: reportBundles },
  bench: { install: 'test', build: 'javascript', run: bench },
  'package-checks': { install: 'all', build: 'everything', run: checkPackages },
  synth: { install: 'all', build: 'everything', run: synth },
  deploy: { install: 'all', build: 'everything', run: deploy },
  doctor: { install: 'start', run: doctor },
};

/**
 * Installs and builds what the command needs and lacks, then runs it; sets the process's exit code.
 *
 * @param {readonly string[]} argv the command's name and its own arguments
 */
export async function runCommand([name = '', ...args]) {
  const command = commands[name];
  try {
    if (!command) throw new StepFailure(`no command "${name}"; there are: ${Object.keys(commands).join(', ')}`);
    const answer = command.judge?.(args);
    if (answer !== undefined) {
      console.log(answer);
      return;
    }
    const { install, build } = command;
    await withWorkspaceLock(async () => {
      if (install) await ensureInstalled(install);
      if (build) await ensureBuilt(build);
    });
    process.exitCode = (await command.run?.(args)) ?? 0;
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
