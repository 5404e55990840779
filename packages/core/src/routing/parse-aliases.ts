import { latencies, readMetadata, serviceTiers } from '../access/bedrock-settings.js';
import { isJsonObject } from '../models/json-object.js';
import { modelVendor } from '../models/model-id.js';
import type { ModelTarget } from '../ports/model-invoker.js';
import type { ModelAlias, ReasoningKind } from './model-alias.js';

const aliasName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const geographies: ReadonlySet<string> = new Set(['us', 'eu', 'apac', 'jp', 'au', 'ca', 'us-gov', 'global']);

/** What a member must be. */
type Form = readonly [fits: (value: unknown) => boolean, should: string];

const text: Form = [(value) => typeof value === 'string' && value !== '', 'must be a text'];
const object: Form = [isJsonObject, 'must be an object'];
const names: Form = [(value) => Array.isArray(value) && value.every(text[0]), 'must be an array of texts'];
const positive: Form = [(value) => Number.isSafeInteger(value) && Number(value) > 0, 'must be a positive whole number'];
const number: Form = [(value) => Number.isFinite(value) && Number(value) > 0, 'must be a positive number'];
const region: Form = [matches(/^[a-z]{2,}(-[a-z]+)+-\d+$/), 'must be a Region such as eu-west-1'];
const role: Form = [matches(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/), 'must be the ARN of an IAM role'];
const mostTargets = 8;

function matches(pattern: RegExp): Form[0] {
  return (value) => typeof value === 'string' && pattern.test(value);
}

function oneOf(...words: readonly string[]): Form {
  return [(value) => words.some((word) => word === value), `must be one of ${words.join(', ')}`];
}

// Written by hand and not in zod, because zod's records and numbers alone would add 7 KB to each cold start.
const aliasForms: Readonly<Record<string, Form>> = {
  targets: [
    (value) => Array.isArray(value) && value.length >= 1 && value.length <= mostTargets,
    `must hold 1 to ${mostTargets} targets`,
  ],
  spread: oneOf('random', 'caller'),
  firstEventTimeoutMs: positive,
  defaults: [
    (value) => isJsonObject(value) && !['modelId', 'model', 'stream'].some((key) => key in value),
    'must be an object without modelId, model and stream',
  ],
  anthropicVersion: text,
  openai: object,
};
const targetForms: Readonly<Record<string, Form>> = {
  model: text,
  region,
  roleArn: role,
  externalId: text,
  weight: number,
  options: object,
  pricedAs: text,
  priceFactor: number,
};
const optionForms: Readonly<Record<string, Form>> = {
  guardrail: object,
  performanceLatency: oneOf(...latencies),
  serviceTier: oneOf(...serviceTiers),
  requestMetadata: [
    (value) => readMetadata(value).fault === undefined,
    'must be 1 to 16 texts of letters, digits, spaces and :_@$#=/+,.-',
  ],
};
const guardrailForms: Readonly<Record<string, Form>> = {
  id: text,
  version: text,
  streamMode: oneOf('sync', 'async'),
};
const openAiForms: Readonly<Record<string, Form>> = {
  drop: names,
  maxTokens: positive,
  reasoning: oneOf(...(['adaptive', 'budget', 'effort', 'nova'] satisfies readonly ReasoningKind[])),
  embedding: text,
  additionalModelRequestFields: object,
};

/**
 * Aliases of unknown origin, checked to the last member: a misspelt one would be ignored. Throws a `TypeError` that names the alias and
 * the member, such as `The alias fast: targets[0].model must be a text.`, and never what it holds.
 */
export function parseAliases(value: unknown): Readonly<Record<string, ModelAlias>> {
  if (!isJsonObject(value)) throw new TypeError('Aliases must be an object: {"name": "model id"}.');
  const aliases = Object.entries(value).map(([name, entry]) => [name, parseAlias(name, entry)] as const);
  for (const [name, { targets }] of aliases) {
    if (targets.some(({ model }) => Object.hasOwn(value, model))) {
      throw new TypeError(`The alias ${name}: its target must be a model and not an alias.`);
    }
  }
  return Object.fromEntries(aliases);
}

function parseAlias(name: string, entry: unknown): ModelAlias {
  if (!aliasName.test(name)) {
    throw new TypeError(
      'The name of an alias must be 1 to 64 letters, digits and ._- and begin with a letter or a digit.',
    );
  }
  if (looksLikeModelId(name)) {
    throw new TypeError(
      `The alias ${name}: its name must not begin with a maker or a geography, as the id of a model does.`,
    );
  }
  const alias = typeof entry === 'string' ? { targets: [{ model: entry }] } : entry;
  const refuse = (problem: string) => new TypeError(`The alias ${name}: ${problem}.`);
  const check = (
    part: unknown,
    place: string,
    forms: Readonly<Record<string, Form>>,
    ...required: readonly string[]
  ) => {
    const problem = problemOf(part, forms, required);
    if (problem) throw refuse((place + problem).replace(/^[. ]/, ''));
  };
  check(alias, '', aliasForms, 'targets');
  const { targets, openai } = alias as { targets: readonly ModelTarget[]; openai?: unknown };
  for (const [index, target] of targets.entries()) {
    const place = `targets[${index}]`;
    check(target, place, targetForms, 'model');
    const { options, roleArn, externalId } = target;
    if (externalId !== undefined && roleArn === undefined) throw refuse(`${place}.externalId needs roleArn`);
    if (options === undefined) continue;
    check(options, `${place}.options`, optionForms);
    if (options.guardrail) check(options.guardrail, `${place}.options.guardrail`, guardrailForms, 'id', 'version');
  }
  if (new Set(targets.map(({ weight }) => weight === undefined)).size > 1) {
    throw refuse('weight must be on all targets or on none');
  }
  if (new Set(targets.flatMap(makerOf)).size > 1) {
    throw refuse('its targets must be models of one maker, because they get the same body');
  }
  if (openai !== undefined) check(openai, 'openai', openAiForms);
  return alias as ModelAlias;
}

/** The maker that an id names; of an ARN, which may name none, it is taken on trust. */
function makerOf({ model }: ModelTarget): readonly string[] {
  if (model.startsWith('arn:')) return [];
  const vendor = modelVendor(model);
  if (vendor !== 'other') return [vendor];
  const [first = '', second] = model.split('.');
  return second === undefined ? [] : [geographies.has(first) ? second : first];
}

/** What is wrong with an object, as the end of a sentence that begins with its place; undefined if nothing is. */
function problemOf(
  value: unknown,
  forms: Readonly<Record<string, Form>>,
  required: readonly string[],
): string | undefined {
  if (!isJsonObject(value)) return ' must be an object';
  const missing = required.find((key) => !(key in value));
  if (missing) return ` must have ${missing}`;
  for (const [key, member] of Object.entries(value)) {
    const form = Object.hasOwn(forms, key) ? forms[key] : undefined;
    if (!form) return ` has a member that is none of ${Object.keys(forms).join(', ')}`;
    if (!form[0](member)) return `.${key} ${form[1]}`;
  }
  return undefined;
}

/** Such a name would hide the model of that id. */
function looksLikeModelId(name: string): boolean {
  const [first = '', ...rest] = name.split('.');
  return rest.length > 0 && (geographies.has(first) || modelVendor(first) !== 'other');
}
