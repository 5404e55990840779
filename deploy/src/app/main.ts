import { relative } from 'node:path';
import { DeploymentError } from '../deployment-error.ts';
import { type Command, readArguments } from './read-arguments.ts';

async function main(args: readonly string[]): Promise<number> {
  const command = readArguments(args);
  switch (command.name) {
    case 'help':
      console.log(command.text);
      return 0;
    case 'synth':
      return synth(command);
    case 'deploy':
      return deploy(command);
    case 'bootstrap':
      return bootstrap(command);
  }
}

type CommandNamed<Name> = Extract<Command, { readonly name: Name }>;

async function synth({ fronts, options, region }: CommandNamed<'synth'>): Promise<number> {
  const { synthesize } = await import('./synthesize.ts');
  const { folder, templates } = synthesize(fronts, options, region === undefined ? {} : { region });
  for (const template of templates) console.log(relative(process.cwd(), `${folder}/${template}`));
  return 0;
}

async function deploy({ front, options, ...place }: CommandNamed<'deploy'>): Promise<number> {
  const [{ findTarget }, { createApp, synthesize }, { runCdk }] = await Promise.all([
    import('./find-target.ts'),
    import('./synthesize.ts'),
    import('./run-cdk.ts'),
  ]);
  // This reports a wrong option before AWS is asked for credentials.
  createApp([front], options);
  const target = await findTarget(place);
  const { folder } = synthesize([front], options, target);
  const names = Object.keys(options.aliases ?? {});
  const models =
    options.models === 'every-model' ? 'every model' : [...options.models.map(nameOf), ...names].join(', ');
  console.log(`Deploying ${front} to ${target.region}, account ${target.account}, for ${models}.`);
  const code = await runCdk(['deploy', '--all', '--app', folder, '--require-approval', 'never'], target, place);
  if (code !== 0) {
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
