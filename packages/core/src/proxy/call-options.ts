import type { Admission, ClientOption } from '../access/access-policy.js';
import { namePrincipal } from '../access/bedrock-settings.js';
import type { ClientSettings, HttpHeaders } from '../dialects/dialect.js';
import type { RequestIssue } from '../errors/proxy-error.js';
import type { InvokeModelOptions, ModelOperation } from '../ports/model-invoker.js';
import { hasMember, isTooDeep, readJsonObject, scanJson, type TopLevelMember } from '../request/json-scan.js';
import type { ModelProxy } from './create-proxy.js';

/** Who may set Bedrock's settings of a call, weakest first. */
export interface CallOptionLayers {
  readonly proxy?: InvokeModelOptions | undefined;
  readonly target?: InvokeModelOptions | undefined;
  readonly admission: Pick<Admission, 'principal' | 'callOptions' | 'guardrail'>;
  readonly client?: InvokeModelOptions | undefined;
}

/**
 * Bedrock's settings of one call: the one place that merges them, for every dialect and operation. A guardrail that the operator set is
 * never replaced by the client's. A target's guardrail counts only if the proxy has one: it is the same guardrail in another Region.
 * Metadata of all layers is joined.
 */
export function callOptions({ client, ...operator }: CallOptionLayers): InvokeModelOptions | undefined {
  const { proxy, target, admission } = operator;
  const { guardrail: _, requestMetadata: __, ...rest } = { ...proxy, ...target, ...admission.callOptions, ...client };
  const guardrail = pinnedGuardrail(operator) ?? client?.guardrail;
  const requestMetadata = { ...operatorMetadata(operator), ...client?.requestMetadata };
  const merged = {
    ...rest,
    ...(guardrail && { guardrail }),
    ...(Object.keys(requestMetadata).length > 0 && { requestMetadata }),
  };
  return Object.keys(merged).length > 0 ? merged : undefined;
}

type OperatorLayers = Omit<CallOptionLayers, 'client'>;

function operatorMetadata({ proxy, target, admission }: OperatorLayers): InvokeModelOptions['requestMetadata'] {
  const layers = [proxy, target, admission.callOptions].map((options) => options?.requestMetadata);
  return layers.some(Boolean) ? namePrincipal(Object.assign({}, ...layers), admission.principal) : undefined;
}

/** The guardrail that the operator set for a caller. */
function pinnedGuardrail({ proxy, target, admission }: OperatorLayers): InvokeModelOptions['guardrail'] {
  const general = admission.guardrail === 'exempt' ? undefined : proxy?.guardrail;
  return admission.callOptions?.guardrail ?? (general && { ...general, ...target?.guardrail });
}

/** What a caller may set of Bedrock's own settings, and whether its operator has set a guardrail. */
export interface ClientRights {
  readonly maySet: ReadonlySet<ClientOption>;
  readonly isPinned: boolean;
}

export function rightsOf(proxy: Pick<ModelProxy, 'callOptions' | 'clientMaySet'>, admission: Admission): ClientRights {
  return {
    maySet: new Set(admission.clientMaySet ?? proxy.clientMaySet),
    isPinned: pinnedGuardrail({ proxy: proxy.callOptions, admission }) !== undefined,
  };
}

/** The issue of a setting at `path` that the caller may not make; none if it may. */
function objections(path: string, option: ClientOption, { maySet, isPinned }: ClientRights): readonly RequestIssue[] {
  // A trace shows the text from before the guardrail masked it.
  if (isPinned && (option === 'guardrail' || option === 'trace')) {
    return [{ path, message: 'Leave this out: the operator of this proxy has set a guardrail for this caller.' }];
  }
  if (maySet.has(option)) return [];
  return [{ path, message: `Leave this out, or ask the operator of this proxy to add ${option} to CLIENT_OPTIONS.` }];
}

/** The settings of a request, and whether they were all judged. */
export interface JudgedSettings extends ClientSettings {
  readonly wasJudged: () => boolean;
}

/**
 * Judges Bedrock's own settings in a request: headers, except the `ignored` ones, and bodies. This is the one place that does so, for
 * every dialect and operation.
 */
export function clientSettings(
  headers: HttpHeaders,
  rights: ClientRights,
  ignored: readonly string[] = [],
): JudgedSettings | Promise<JudgedSettings> {
  let wasJudged = false;
  const judged = (ofHeaders: HeaderSettings): JudgedSettings => ({
    ...ofHeaders,
    isSetting,
    judge(body, operation) {
      wasJudged = true;
      return judgeBody(body, operation, rights);
    },
    wasJudged: () => wasJudged,
  });
  const sent = Object.keys(headers).filter((name) => name.startsWith(headerPrefix) && !ignored.includes(name));
  return sent.length === 0 ? judged({ issues: [] }) : headerSettings(headers, sent, rights).then(judged);
}

type HeaderSettings = Pick<ClientSettings, 'issues' | 'options'>;

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
  sent: readonly string[],
  rights: ClientRights,
): Promise<HeaderSettings> {
  const { readHeaderSettings } = await import('./read-header-settings.js');
  return readHeaderSettings(headers, sent, (path, option) => objections(path, option, rights));
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
const converseOptions: ReadonlyMap<string, ClientOption> = new Map([
  ['guardrailConfig', 'guardrail'],
  ['serviceTier', 'service-tier'],
  ['performanceConfig', 'latency'],
  ['requestMetadata', 'metadata'],
]);

function isSetting(key: string): boolean {
  return key.startsWith(ownPrefix) || converseOptions.has(key) || nestedSettings.has(key);
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
      const option = converseOptions.get(key);
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
