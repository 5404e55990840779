// Node's own parser is enough here: it refuses unknown options, types the values and adds no dependency.
import { parseArgs } from 'node:util';
import { defaultModels } from '../../../scripts/models/default-models.mjs';
import { DeploymentError } from '../deployment-error.ts';
import type { ModelGrants } from '../model-access/model-grant.ts';
import { type AppAuth, type AppOptions, type Front, fronts } from './app-options.ts';
import { readAliasFile } from './read-alias-file.ts';
import { readLimitsFile } from './read-limits-file.ts';
import { readModelGrant } from './read-model-grant.ts';
import { usage } from './usage.ts';

/** The command that the command line asks for. */
export type Command =
  | { readonly name: 'help'; readonly text: string }
  | { readonly name: 'bootstrap'; readonly region?: string; readonly profile?: string }
  | {
      readonly name: 'synth';
      readonly fronts: readonly Front[];
      readonly options: AppOptions;
      readonly region?: string;
    }
  | {
      readonly name: 'deploy' | 'diff' | 'destroy';
      readonly front: Front;
      readonly options: AppOptions;
      readonly region?: string;
      readonly profile?: string;
    };

/**
 * Reads the command line of `npm run synth` and `npm run deploy`.
 *
 * @throws {DeploymentError} if an argument is invalid
 */
export function readArguments([name = '', ...args]: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { name: 'help', text: usage };
  const place = {
    ...(values.region !== undefined && { region: values.region }),
    ...(values.profile !== undefined && { profile: values.profile }),
  };
  const [first, ...others] = positionals;
  if (name === 'deploy' && first === 'bootstrap' && others.length === 0) return { name: 'bootstrap', ...place };
  const action = name === 'deploy' && (first === 'diff' || first === 'destroy') ? first : 'deploy';
  const named = action === 'deploy' ? positionals : others;
  const unknown = named.find((word) => !isFront(word));
  if (unknown !== undefined)
    throw new DeploymentError(`"${unknown}" is not an endpoint: use one of ${fronts.join(', ')}.`);
  const asked = named.filter(isFront);
  const options = readOptions(values);
  const [front] = asked;
  if (name !== 'synth' && (front === undefined || asked.length > 1))
    throw new DeploymentError(`Name one endpoint to ${action}: ${fronts.join(', ')}.`);
  const chosen = asked.length > 0 ? asked : fronts;
  if (options.hasFirewall) refuseFirewall(chosen);
  if (name === 'synth' || front === undefined) return { name: 'synth', fronts: chosen, options, ...place };
  validateFor(front, options);
  return { name: action, front, options, ...place };
}

function refuseFirewall(chosen: readonly Front[]): void {
  const refused = chosen.find((front) => front === 'function-url' || front === 'web-function');
  if (refused === undefined) return;
  const name = refused === 'function-url' ? 'Function URLs' : 'Web Functions';
  throw new DeploymentError(`AWS WAF does not support ${name}: omit --firewall, or name a REST API.`);
}

/** `synth` ignores these options at an endpoint that does not have them. */
function validateFor(front: Front, options: AppOptions): void {
  const { memorySize, concurrency, processConcurrency, maxEnvironments } = options;
  const isWebFunction = front === 'web-function';
  if (memorySize !== undefined && isWebFunction) {
    throw new DeploymentError('A Web Function always has 2 GB of memory: omit --memory.');
  }
  if (concurrency !== undefined && isWebFunction) {
    throw new DeploymentError('A Web Function has --process-concurrency and --max-environments, not --concurrency.');
  }
  if ((processConcurrency ?? maxEnvironments) !== undefined && !isWebFunction) {
    throw new DeploymentError('Only a Web Function has --process-concurrency and --max-environments: omit them.');
  }
}

// Secrets Manager appends six characters to the name. Without them, the grant would need a wildcard.
const secretArnShape = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/;
const topicArnShape = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+(?:\.fifo)?$/;

type Values = ReturnType<typeof parse>['values'];

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        models: { type: 'string' },
        'every-model': { type: 'boolean' },
        aliases: { type: 'string' },
        auth: { type: 'string' },
        'secret-arn': { type: 'string' },
        'jwt-issuer': { type: 'string' },
        'jwt-audience': { type: 'string' },
        guardrail: { type: 'string' },
        'guardrail-exempts-tokens': { type: 'boolean' },
        'guardrail-key': { type: 'string' },
        'cors-origins': { type: 'string' },
        'bedrock-region': { type: 'string' },
        memory: { type: 'string' },
        timeout: { type: 'string' },
        concurrency: { type: 'string' },
        'process-concurrency': { type: 'string' },
        'max-environments': { type: 'string' },
        env: { type: 'string', multiple: true },
        name: { type: 'string' },
        firewall: { type: 'boolean' },
        limits: { type: 'string' },
        dashboard: { type: 'boolean' },
        'alarm-topic': { type: 'string' },
        region: { type: 'string' },
        profile: { type: 'string' },
      },
    });
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new DeploymentError(`${sentence}; see --help.`);
  }
}

function readOptions(values: Values): AppOptions {
  const memorySize = readNumber('memory', values.memory);
  const timeoutSeconds = readNumber('timeout', values.timeout);
  const concurrency = readNumber('concurrency', values.concurrency);
  const processConcurrency = readNumber('process-concurrency', values['process-concurrency']);
  const maxEnvironments = readNumber('max-environments', values['max-environments']);
  const corsOrigins = values['cors-origins'];
  return {
    models: readModels(values),
    ...(values.aliases !== undefined && { aliases: readAliasFile(values.aliases) }),
    auth: readAuth(values),
    hasFirewall: values.firewall ?? false,
    ...readGuardrail(values),
    ...(values.dashboard && { hasDashboard: true }),
    ...(values.limits !== undefined && { limits: readLimitsFile(values.limits) }),
    ...(corsOrigins !== undefined && { corsOrigins: readOrigins(corsOrigins) }),
    ...(values['bedrock-region'] !== undefined && { bedrockRegion: values['bedrock-region'] }),
    ...(memorySize !== undefined && { memorySize }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(concurrency !== undefined && { concurrency }),
    ...(processConcurrency !== undefined && { processConcurrency }),
    ...(maxEnvironments !== undefined && { maxEnvironments }),
    ...(values.env !== undefined && { environment: readEnvironment(values.env) }),
    ...(values.name !== undefined && { name: readName(values.name) }),
    ...(values['alarm-topic'] !== undefined && {
      alarmTopicArn: validateArn('--alarm-topic', values['alarm-topic'], topicArnShape, 'an SNS topic'),
    }),
  };
}

function readModels({ models, 'every-model': everyModel, aliases }: Values): ModelGrants {
  if (everyModel && models !== undefined) throw new DeploymentError('Use --models or --every-model, not both.');
  if (everyModel) return 'every-model';
  if (models !== undefined) return list(models).map(readModelGrant);
  return aliases === undefined ? defaultModels : [];
}

function readAuth(values: Values): AppAuth {
  const { auth = 'token', 'secret-arn': secretArn, 'jwt-issuer': issuer, 'jwt-audience': audience } = values;
  if (auth === 'token') return { generatedToken: true };
  if (auth === 'iam') return { iam: true };
  if (auth === 'none') return { allowAnonymous: true };
  if (auth === 'secret' && secretArn !== undefined)
    return { secretArn: validateArn('--secret-arn', secretArn, secretArnShape, 'a secret') };
  if (auth === 'jwt' && issuer !== undefined && audience !== undefined) return { jwt: { issuer, audience } };
  if (auth === 'secret') throw new DeploymentError('--auth secret requires --secret-arn.');
  if (auth === 'jwt') throw new DeploymentError('--auth jwt requires --jwt-issuer and --jwt-audience.');
  throw new DeploymentError(`--auth must be token, secret, iam, jwt or none, not "${auth}".`);
}

function readGuardrail({
  guardrail,
  'guardrail-exempts-tokens': exemptsTokens = false,
  'guardrail-key': keyArn,
}: Values): Pick<AppOptions, 'guardrail'> {
  const [pinned, ...ofTokens] = list(guardrail ?? '');
  if (pinned !== undefined) {
    return {
      guardrail: {
        pinned,
        ...(ofTokens.length > 0 && { ofTokens }),
        ...(exemptsTokens && { exemptsTokens }),
        ...(keyArn !== undefined && { keyArn }),
      },
    };
  }
  if (exemptsTokens || keyArn !== undefined) {
    throw new DeploymentError('--guardrail-exempts-tokens and --guardrail-key require --guardrail.');
  }
  return {};
}

function readOrigins(origins: string): '*' | 'off' | readonly string[] {
  return origins === '*' || origins === 'off' ? origins : list(origins);
}

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new DeploymentError(`--${name} must be a whole number, not "${text}".`);
  return Number(text);
}

function readEnvironment(pairs: readonly string[]): Readonly<Record<string, string>> {
  const entries = pairs.map((pair): [string, string] => {
    const [, name, value] = /^([A-Z][A-Z0-9_]*)=([\s\S]*)$/.exec(pair) ?? [];
    if (name !== undefined && value !== undefined) return [name, value];
    throw new DeploymentError(`--env must have the form NAME=VALUE, such as LOG_LEVEL=warn, not "${pair}".`);
  });
  return Object.fromEntries(entries);
}

function readName(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9-]{0,60}$/.test(name)) return name;
  throw new DeploymentError(
    `--name must begin with a letter and have only letters, digits and hyphens, not "${name}".`,
  );
}

function validateArn(option: string, arn: string, shape: RegExp, resource: string): string {
  if (shape.test(arn)) return arn;
  throw new DeploymentError(`${option} must be the complete ARN of ${resource}, not "${arn}".`);
}

function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function isFront(word: string): word is Front {
  return fronts.some((front) => front === word);
}
