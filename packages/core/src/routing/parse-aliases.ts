import { latencies, readMetadata, serviceTiers } from '../access/bedrock-settings.js';
import { isJsonObject } from '../models/json-object.js';
import { modelVendor } from '../models/model-vendor.js';
import type { ModelAlias, ReasoningKind } from './model-alias.js';

const aliasName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const geographies: ReadonlySet<string> = new Set(['us', 'eu', 'apac', 'jp', 'au', 'ca', 'us-gov', 'global']);

/** What a member must be. */
type Form = readonly [fits: (value: unknown) => boolean, should: string];

const text: Form = [(value) => typeof value === 'string' && value !== '', 'must be a text'];
const object: Form = [isJsonObject, 'must be an object'];
const names: Form = [(value) => Array.isArray(value) && value.every(text[0]), 'must be an array of texts'];
const positive: Form = [(value) => Number.isSafeInteger(value) && Number(value) > 0, 'must be a positive whole number'];

// Written by hand and not in zod, because zod's records and numbers alone would add 7 KB to each cold start.
const aliasForms: Readonly<Record<string, Form>> = {
  targets: [
    (value) => Array.isArray(value) && value.length === 1,
    'must hold exactly one target: more are not supported yet',
  ],
  defaults: [
    (value) => isJsonObject(value) && !['modelId', 'model', 'stream'].some((key) => key in value),
    'must be an object without modelId, model and stream',
  ],
  anthropicVersion: text,
  openai: object,
};
const word = (words: readonly unknown[]): Form => [
  (value) => words.includes(value),
  `must be one of ${words.join(', ')}`,
];
const optionForms: Readonly<Record<string, Form>> = {
  guardrail: [
    (value) => !problemOf(value, guardrailForms, 'id') && !problemOf(value, guardrailForms, 'version'),
    'must be an object with id and version',
  ],
  performanceLatency: word(latencies),
  serviceTier: word(serviceTiers),
  requestMetadata: [
    (value) => readMetadata(value).fault === undefined,
    'must be 1 to 16 texts of letters, digits, spaces and :_@$#=/+,.-',
  ],
};
const guardrailForms = { id: text, version: text, streamMode: word(['sync', 'async']) };
const targetForms = { model: text, options: object };
const kinds: readonly ReasoningKind[] = ['adaptive', 'budget', 'effort', 'nova'];
const openAiForms = {
  drop: names,
  maxTokens: positive,
  reasoning: word(kinds),
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
  const check = (part: unknown, place: string, forms: Readonly<Record<string, Form>>, required?: string) => {
    const problem = problemOf(part, forms, required);
    if (problem) throw new TypeError(`The alias ${name}: ${(place + problem).replace(/^[. ]/, '')}.`);
  };
  check(alias, '', aliasForms, 'targets');
  const { targets, openai } = alias as { targets: readonly [unknown]; openai?: unknown };
  check(targets[0], 'targets[0]', targetForms, 'model');
  const { options } = targets[0] as { options?: unknown };
  if (options !== undefined) check(options, 'targets[0].options', optionForms);
  if (openai !== undefined) check(openai, 'openai', openAiForms);
  return alias as ModelAlias;
}

/** What is wrong with an object, as the end of a sentence that begins with its place; undefined if nothing is. */
function problemOf(value: unknown, forms: Readonly<Record<string, Form>>, required?: string): string | undefined {
  if (!isJsonObject(value)) return ' must be an object';
  if (required && !(required in value)) return ` must have ${required}`;
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
