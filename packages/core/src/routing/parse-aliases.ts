import * as z from 'zod/mini';
import { modelVendor } from '../models/vendors.js';
import type { ModelAlias } from './model-alias.js';

const aliasName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const geographies: ReadonlySet<string> = new Set(['us', 'eu', 'apac', 'jp', 'au', 'ca', 'us-gov', 'global']);

/** Members of a payload that the proxy owns. */
const reserved = ['modelId', 'model', 'stream'] as const;

/**
 * Aliases of unknown origin, checked to the last member. Throws a `TypeError` that names the alias and the member, such as
 * `The alias fast: targets[0].model must be a string.`
 */
export function parseAliases(value: unknown): Readonly<Record<string, ModelAlias>> {
  const parsed = z
    .record(z.string(), z.unknown(), { error: 'must be an object of aliases by name' })
    .safeParse(value);
  if (!parsed.success) throw new TypeError('The aliases must be an object: {"name": "model id"}.');
  const aliases = Object.entries(parsed.data).map(([name, entry]) => [name, parseAlias(name, entry)] as const);
  for (const [name, { targets }] of aliases) {
    const chained = targets.find(({ model }) => Object.hasOwn(parsed.data, model));
    if (chained) throw new TypeError(`The alias ${name}: a target must be a model, and ${chained.model} is an alias.`);
  }
  return Object.fromEntries(aliases);
}

function parseAlias(name: string, entry: unknown): ModelAlias {
  if (!aliasName.test(name)) {
    throw new TypeError(
      'The name of an alias must have 1 to 64 letters, digits, dots, underscores and dashes, and begin with a letter or a digit.',
    );
  }
  if (looksLikeModelId(name)) {
    throw new TypeError(`The alias ${name} looks like a model id: choose a name that begins with no maker and no geography.`);
  }
  const parsed = aliasSchema().safeParse(typeof entry === 'string' ? { targets: [{ model: entry }] } : entry);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = (issue?.path ?? []).map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  throw new TypeError(`The alias ${name}: ${place === '' ? 'it' : place.slice(1)} ${issue?.message}.`);
}

/** Such a name would hide the model of that id. */
function looksLikeModelId(name: string): boolean {
  const [first = '', ...rest] = name.split('.');
  return rest.length > 0 && (geographies.has(first) || modelVendor(first) !== 'other');
}

function aliasSchema() {
  const text = z.string({ error: 'must be a string' }).check(z.minLength(1, 'must not be empty'));
  const object = z.record(z.string(), z.unknown(), { error: 'must be an object' });
  const strict = (members: string) => ({
    error: ({ code }: { readonly code: string }) =>
      code === 'unrecognized_keys' ? `has a member that is none of ${members}` : `must be an object of ${members}`,
  });
  return z.strictObject(
    {
      targets: z
        .array(z.strictObject({ model: text }, strict('model: regions, roles and weights are not supported yet')), {
          error: 'must be an array with one target',
        })
        .check(z.length(1, 'must hold exactly one target: more are not supported yet')),
      defaults: z.exactOptional(
        object.check(
          z.refine(
            (members) => !reserved.some((name) => Object.hasOwn(members, name)),
            `must not hold ${reserved.join(', ')}`,
          ),
        ),
      ),
      anthropicVersion: z.exactOptional(text),
      openai: z.exactOptional(
        z.strictObject(
          {
            drop: z.exactOptional(z.array(text, { error: 'must be an array of names' })),
            maxTokens: z.exactOptional(z.int({ error: 'must be a whole number' }).check(z.positive('must be positive'))),
            reasoning: z.exactOptional(text),
            embedding: z.exactOptional(text),
            additionalModelRequestFields: z.exactOptional(object),
          },
          strict('drop, maxTokens, reasoning, embedding and additionalModelRequestFields'),
        ),
      ),
    },
    strict('targets, defaults, anthropicVersion and openai'),
  );
}
