import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DeploymentError } from '../deployment-error.ts';
import { doctorCommand } from './doctor-command.ts';
import { type Command, readArguments } from './read-arguments.ts';
import { warningsOf } from './warnings-of.ts';

async function main(args: readonly string[]): Promise<number> {
  const command = readArguments(args);
  switch (command.name) {
    case 'help':
      console.log(command.text);
      return 0;
    case 'synth':
      return synth(command);
    case 'deploy':
    case 'diff':
    case 'destroy':
      return deploy(command);
    case 'bootstrap':
      return bootstrap(command);
  }
}

type CommandNamed<Name> = Extract<Command, { readonly name: Name }>;
type DeployCommand = Extract<Command, { readonly front: unknown }>;

async function synth({ fronts, options, region }: CommandNamed<'synth'>): Promise<number> {
  const { synthesize } = await import('./synthesize.ts');
  const { folder, templates } = synthesize(fronts, options, region === undefined ? {} : { region });
  const warnings = new Set(fronts.flatMap((front) => warningsOf(front, options, region)));
  for (const warning of warnings) console.error(`warning: ${warning}`);
  for (const template of templates) console.log(relative(process.cwd(), `${folder}/${template}`));
  return 0;
}

async function deploy({ name, front, options, ...place }: DeployCommand): Promise<number> {
  const [{ findTarget }, { createApp, synthesize }, { runCdk }] = await Promise.all([
    import('./find-target.ts'),
    import('./synthesize.ts'),
    import('./run-cdk.ts'),
  ]);
  // This reports a wrong option before AWS is asked for credentials.
  createApp([front], options);
  const target = await findTarget(place);
  const { folder } = synthesize([front], options, target);
  if (name === 'diff') return runCdk(['diff', '--app', folder], target, place);
  if (name === 'destroy') return runCdk(['destroy', '--all', '--app', folder], target, place);
  const names = Object.keys(options.aliases ?? {});
  const models =
    options.models === 'every-model' ? 'every model' : [...options.models.map(nameOf), ...names].join(', ');
  for (const warning of warningsOf(front, options, target.region)) console.error(`warning: ${warning}`);
  console.log(`Deploying ${front} to ${target.region}, account ${target.account}, for ${models}.`);
  const outputs = join(folder, 'outputs.json');
  const args = ['deploy', '--all', '--app', folder, '--require-approval', 'never', '--outputs-file', outputs];
  const code = await runCdk(args, target, place);
  if (code === 0) {
    console.log(`\nTo check it, run:\n${doctorCommand(readFileSync(outputs, 'utf8'), options)}`);
  } else {
    console.error(
      `If CDK reports above that the Region is not bootstrapped, run: npm run deploy -- bootstrap --region ${target.region}`,
    );
  }
  return code;
}

async function bootstrap(place: CommandNamed<'bootstrap'>): Promise<number> {
  const [{ findTarget }, { runCdk }] = await Promise.all([import('./find-target.ts'), import('./run-cdk.ts')]);
  const target = await findTarget(place);
  return runCdk(['bootstrap', `aws://${target.account}/${target.region}`], target, place);
}

function nameOf(grant: string | { readonly modelId: string }): string {
  return typeof grant === 'string' ? grant : grant.modelId;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof DeploymentError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  },
);
