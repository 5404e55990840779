import type { ClientOption } from '../access/access-policy.js';
import type { ClientSettings, HttpHeaders } from '../dialects/dialect.js';
import type { RequestIssue } from '../errors/proxy-error.js';
import type { ModelOperation } from '../ports/model-invoker.js';
import { hasMember, readJsonObject, scanJson, type TopLevelMember } from '../request/json-scan.js';
import { isTooDeep } from '../request/scan-value.js';
import { type ClientRights, objections } from './call-options.js';

/** The settings of a request, and whether they were all judged. */
export interface JudgedSettings extends ClientSettings {
  readonly wasJudged: () => boolean;
}

/**
 * Judges Bedrock's own settings in a request: headers, except the `ignored` ones, and bodies. This is the one place that does so, for
 * every dialect and operation.
 */
export async function clientSettings(
  headers: HttpHeaders,
  rights: ClientRights,
  ignored: readonly string[] = [],
): Promise<JudgedSettings> {
  let wasJudged = false;
  return {
    ...(await headerSettings(headers, rights, ignored)),
    isSetting,
    judge(body, operation) {
      wasJudged = true;
      return judgeBody(body, operation, rights);
    },
    wasJudged: () => wasJudged,
  };
}

/** The settings in a body, as bytes or as members, that the caller may not set. */
export function judgeBody(
  body: Uint8Array | readonly TopLevelMember[],
  operation: ModelOperation,
  rights: ClientRights,
): readonly RequestIssue[] {
  return body instanceof Uint8Array ? judgeBytes(body, operation, rights) : judgeMembers(body, operation, rights);
}

/** Few requests have such headers: their reader is loaded at its first use. */
async function headerSettings(
  headers: HttpHeaders,
  rights: ClientRights,
  ignored: readonly string[],
): Promise<Pick<ClientSettings, 'issues' | 'options'>> {
  const sent = Object.keys(headers).filter((name) => name.startsWith(headerPrefix) && !ignored.includes(name));
  if (sent.length === 0) return { issues: [] };
  const { readHeaderSettings } = await import('./header-settings.js');
  return readHeaderSettings(headers, sent, rights);
}

const headerPrefix = 'x-amzn-bedrock-';

/** A body that cannot be read is for Bedrock to refuse, unless Bedrock might find a setting in it that is not found here. */
function judgeBytes(body: Uint8Array, operation: ModelOperation, rights: ClientRights): readonly RequestIssue[] {
  let members: readonly TopLevelMember[];
  try {
    ({ members } = readJsonObject(body, isSetting));
  } catch (error) {
    const mayHide = suspect.test(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1'));
    if (rights.isPinned || mayHide || isTooDeep(error)) throw error;
    return [];
  }
  return judgeMembers(members, operation, rights);
}

/** Bytes that may hide a setting: its name, an escape, or another encoding than UTF-8. */
const suspect = /amazon-bedrock-|guardrailConfig|serviceTier|performanceConfig|requestMetadata|\\u|\0/;

/** Bedrock takes these members out of a model's own payload, such as `amazon-bedrock-guardrailConfig`. */
const ownPrefix = 'amazon-bedrock-';

function judgeMembers(
  members: readonly TopLevelMember[],
  operation: ModelOperation,
  rights: ClientRights,
): readonly RequestIssue[] {
  return members.flatMap((member) => {
    if (member.key.startsWith(ownPrefix)) return objections(member.key, 'guardrail', rights);
    return operation === 'converse' ? judgeConverseMember(member, rights) : [];
  });
}

/** Bedrock's settings in a Converse body. */
const converseOptions: Readonly<Record<string, ClientOption>> = {
  guardrailConfig: 'guardrail',
  serviceTier: 'service-tier',
  performanceConfig: 'latency',
  requestMetadata: 'metadata',
};

function isSetting(key: string): boolean {
  return key.startsWith(ownPrefix) || Object.hasOwn(converseOptions, key) || nestedSettings.has(key);
}

/** Members of a Converse body in which settings nest. */
const nestedSettings: ReadonlySet<string> = new Set(['additionalModelRequestFields', 'messages', 'system']);

function judgeConverseMember({ key, value }: TopLevelMember, rights: ClientRights): readonly RequestIssue[] {
  switch (key) {
    case 'additionalModelRequestFields':
      return (isObject(value) ? scanJson(value).members : [])
        .filter((field) => field.key.startsWith(ownPrefix))
        .flatMap((field) => objections(`${key}.${field.key}`, 'guardrail', rights));
    case 'messages':
    case 'system':
      // A guardrail evaluates such a block alone, and nothing beside it.
      return rights.isPinned && hasMember(value, 'guardContent')
        ? objections(`${key}.guardContent`, 'guardrail', rights)
        : [];
    default: {
      const option = Object.hasOwn(converseOptions, key) ? converseOptions[key] : undefined;
      if (option === undefined) return [];
      const asksForTrace = option === 'guardrail' && hasMember(value, 'trace');
      const found = objections(key, option, rights);
      return found.length === 0 && asksForTrace ? objections(`${key}.trace`, 'trace', rights) : found;
    }
  }
}

function isObject(json: Uint8Array): boolean {
  return /^\s*\{/.test(Buffer.from(json).toString('latin1'));
}
