import { benchHelp } from './bench-help.mjs';
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
  pack,
  prices,
  publish,
  reportBundles,
  start,
  synth,
  test,
  testAll,
  typecheck,
  usage,
} from './commands.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { StepFailure } from './run-process.mjs';
import { answerTokenCommand } from './token/answer-token-command.mjs';
import {
  validateDeployArguments,
  validateDoctorArguments,
  validateSynthArguments,
} from './validate-deploy-arguments.mjs';
import { validateStartArguments } from './validate-start-arguments.mjs';
import { withWorkspaceLock } from './workspace-lock.mjs';

/**
 * @typedef {object} Command
 * @property {import('./ensure-installed.mjs').InstallLevel} [install] the dependencies that the command needs
 * @property {import('./ensure-built.mjs').BuildLevel} [build] the build output that the command needs
 * @property {(args: readonly string[]) => string | undefined | Promise<string | undefined>} [beforeInstall] validates the
 *   arguments before anything is installed; if it returns a text, the command prints it and ends
 * @property {(args: readonly string[]) => Promise<number>} [run] resolves to the exit code
 */

/** @type {Readonly<Record<string, Command>>} */
const commands = {
  start: { install: 'start', build: 'javascript', beforeInstall: validateStartArguments, run: start },
  token: { beforeInstall: answerTokenCommand },
  test: { install: 'test', build: 'javascript', run: test },
  'test:all': { install: 'all', build: 'everything', run: testAll },
  install: { install: 'all' },
  build: { install: 'test', build: 'everything' },
  lint: { install: 'all', run: lint },
  format: { install: 'all', run: format },
  docs: { install: 'all', run: generateDocuments },
  changeset: { install: 'all', run: changeset },
  pack: { install: 'test', build: 'everything', run: pack },
  'publish-packages': { install: 'all', build: 'everything', run: publish },
  typecheck: { install: 'all', run: typecheck },
  architecture: { install: 'all', run: checkArchitecture },
  knip: { install: 'all', run: knip },
  api: { install: 'all', run: api },
  'bundle:report': { install: 'test', build: 'everything', run: reportBundles },
  bench: { install: 'test', build: 'javascript', beforeInstall: benchHelp, run: bench },
  'package-checks': { install: 'all', build: 'everything', run: checkPackages },
  usage: { install: 'all', build: 'everything', run: usage },
  prices: { install: 'all', run: prices },
  synth: { install: 'all', build: 'everything', beforeInstall: validateSynthArguments, run: synth },
  deploy: { install: 'all', build: 'everything', beforeInstall: validateDeployArguments, run: deploy },
  doctor: { install: 'start', beforeInstall: validateDoctorArguments, run: doctor },
};

/**
 * Installs and builds what the command needs, runs it, and sets the exit code of the process.
 *
 * @param {readonly string[]} argv the name of the command and its arguments
 */
export async function runCommand([name = '', ...args]) {
  const command = commands[name];
  try {
    if (!command)
      throw new StepFailure(`unknown command "${name}"; the commands are: ${Object.keys(commands).join(', ')}`);
    const answer = await command.beforeInstall?.(args);
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
