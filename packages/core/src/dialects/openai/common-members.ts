import { isJsonObject, type JsonObject } from '../../models/json-object.js';
import type { ReadOptions } from './converse-codec.js';
import { readObject, readString, unsupportedParameter } from './request-members.js';

/** What OpenAI's two chat APIs read in the same way. */
export interface CommonMembers {
  /** Settings of Bedrock, as members of the Converse request. */
  readonly settings: JsonObject;
  /** The client's own members for the model itself. */
  readonly fields: JsonObject;
  /** The service tier that the client chose and may choose. */
  readonly tier: string | undefined;
  /** The members that are left out. */
  readonly dropped: readonly string[];
}

/** The members that one API has for itself. */
export interface OwnMembers {
  /** Members that are read one by one. */
  readonly mapped: ReadonlySet<string>;
  /** Members that ask for something which Converse does not have, and without which the answer is still an answer. */
  readonly ignored?: ReadonlySet<string>;
  /** Members without which the answer would be another one than the client reads it as, and what to do without them. */
  readonly refused?: Readonly<Record<string, { readonly is: (value: unknown) => boolean; readonly advice: string }>>;
}

const commonIgnored: ReadonlySet<string> = new Set([
  ...['seed', 'frequency_penalty', 'presence_penalty', 'logit_bias', 'user', 'safety_identifier', 'metadata', 'store'],
  ...['prediction', 'verbosity', 'moderation', 'n', 'logprobs', 'top_logprobs', 'modalities', 'reasoning'],
  ...['include_reasoning', 'usage', 'provider', 'transforms', 'enable_thinking', 'chat_template_kwargs'],
]);

const commonRefused: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: (value) => value !== 1,
  logprobs: (value) => value !== false,
  top_logprobs: (value) => value !== 0,
  modalities: (value) => !isTextOnly(value),
  audio: () => true,
  web_search_options: () => true,
  functions: () => true,
  function_call: () => true,
};

const commonMapped: ReadonlySet<string> = new Set([
  ...['model', 'stream', 'temperature', 'top_p', 'service_tier', 'tools', 'tool_choice'],
  ...['parallel_tool_calls', 'guardrailConfig', 'performanceConfig', 'requestMetadata', 'additionalModelRequestFields'],
]);

/** Reads what is common. Throws `unsupported_parameter` for a member that is refused. */
export function readCommonMembers(members: JsonObject, own: OwnMembers, { mayChooseTier }: ReadOptions): CommonMembers {
  const sent = Object.entries(members).filter(([, value]) => value !== undefined && value !== null);
  for (const [name, value] of sent) {
    const refused = own.refused && Object.hasOwn(own.refused, name) ? own.refused[name] : undefined;
    if (refused?.is(value)) throw unsupportedParameter(name, refused.advice);
    if (Object.hasOwn(commonRefused, name) && commonRefused[name]?.(value)) {
      throw unsupportedParameter(name, 'Leave it out: this proxy does not support it with this value.');
    }
  }
  const isMapped = (name: string) => own.mapped.has(name) || commonMapped.has(name);
  const isIgnored = (name: string) =>
    !isMapped(name) && (own.ignored?.has(name) || commonIgnored.has(name) || /^prompt_cache_[a-z_]+$/.test(name));
  const tier = readTier(members);
  const isChosen = mayChooseTier && (tier === 'flex' || tier === 'priority');
  return {
    settings: { ...readSettings(members), ...(isChosen && { serviceTier: { type: tier } }) },
    fields: {
      ...readObject(members['additionalModelRequestFields'], 'additionalModelRequestFields'),
      ...Object.fromEntries(sent.filter(([name]) => !isMapped(name) && !isIgnored(name))),
    },
    tier: isChosen ? tier : undefined,
    dropped: [
      ...sent.filter(([name, value]) => isIgnored(name) && asksForSomething(value, name)).map(([name]) => name),
      ...(tier && !isChosen ? ['service_tier'] : []),
    ],
  };
}

function asksForSomething(value: unknown, name: string): boolean {
  return value !== false && value !== 0 && !isTextOnly(value) && !(name === 'n' && value === 1);
}

function isTextOnly(value: unknown): boolean {
  return Array.isArray(value) && value.length === 1 && value[0] === 'text';
}

/** The tier that a client chose, if it is not the usual one. */
function readTier({ service_tier: value }: JsonObject): string | undefined {
  const tier = readString(value, 'service_tier');
  return tier === 'auto' || tier === 'default' ? undefined : tier;
}

/** Settings of Bedrock, as they are. */
function readSettings(members: JsonObject): JsonObject {
  const names = ['guardrailConfig', 'performanceConfig', 'requestMetadata'];
  return Object.fromEntries(
    names.flatMap((name) => (isJsonObject(readObject(members[name], name)) ? [[name, members[name]]] : [])),
  );
}
