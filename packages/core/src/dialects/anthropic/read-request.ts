import { ProxyError, type RequestIssue } from '../../errors/proxy-error.js';
import type { CallNotes } from '../../ports/call-notes.js';
import type { InvokeModelOptions } from '../../ports/model-invoker.js';
import { type JsonScan, parseValue, readJsonObject, type TopLevelMember } from '../../request/json-scan.js';
import type { AdmittedHead } from '../dialect.js';

/** A request for an answer, or for a count of its tokens. */
export interface MessagesRequest {
  readonly requestId: string;
  readonly object: JsonScan;
  readonly modelId: string;
  readonly stream: boolean;
  /** The betas that the client sent, in headers and body, each once. */
  readonly betas: readonly string[];
  /** Settings of Bedrock in the headers. */
  readonly options?: InvokeModelOptions;
  readonly notes: CallNotes;
}

/** A parsed value may take hundreds of times the memory of its text. */
const largestParsed = 16_384;

/** The value of a member; undefined without a member, and for one that is too large to be what it should be. */
export function parseSmall(member: TopLevelMember | undefined): unknown {
  return member && member.value.length <= largestParsed ? parseValue(member) : undefined;
}

/** The members that the proxy reads, but for those that it drops. */
const own: ReadonlySet<string> = new Set([
  ...['model', 'stream', 'anthropic_version', 'anthropic_beta', 'context_management'],
  ...['system', 'messages', 'tools', 'thinking'],
]);

/** Reads what the proxy needs of a request. Throws `invalid_json`, and `invalid_request` with everything that is wrong. */
export function readRequest(
  body: Uint8Array,
  { requestId, headers, issues, options, isSetting, judge }: AdmittedHead,
  dropFields: ReadonlySet<string>,
): MessagesRequest {
  const object = readJsonObject(body, (key) => own.has(key) || dropFields.has(key) || isSetting(key));
  const membersOf = (key: string) => object.members.filter((member) => member.key === key);
  const models = membersOf('model');
  const streams = membersOf('stream');
  const modelId = parseSmall(models[0]);
  const stream = streams[0] ? parseSmall(streams[0]) : false;
  const betas = membersOf('anthropic_beta').map(parseSmall);
  // A count has this body within another one, where nobody else looks for settings.
  const settings = judge(object.members, 'invoke-model');
  const found: RequestIssue[] = [...issues, ...settings, ...doubled(models), ...doubled(streams)];
  if (typeof modelId !== 'string') found.push({ path: 'model', message: 'Send the model as a string.' });
  if (typeof stream !== 'boolean') found.push({ path: 'stream', message: 'Send true or false, or leave it out.' });
  if (!betas.every(isTextArray)) found.push({ path: 'anthropic_beta', message: 'Send an array of strings.' });
  if (found.length > 0 || typeof modelId !== 'string' || typeof stream !== 'boolean' || !betas.every(isTextArray)) {
    throw new ProxyError('invalid_request', { issues: found });
  }
  const named = (headers['anthropic-beta'] ?? []).flatMap((value) => value.split(','));
  const all = [...named, ...betas.flat()].map((beta) => beta.trim()).filter((beta) => beta !== '');
  return {
    requestId,
    object,
    modelId,
    stream,
    betas: [...new Set(all)],
    ...(options && { options }),
    notes: {
      ...noteOf('sessionId', headers['x-claude-code-session-id']?.[0]),
      ...noteOf('agentId', headers['x-claude-code-agent-id']?.[0]),
    },
  };
}

function doubled([first, second]: readonly TopLevelMember[]): readonly RequestIssue[] {
  return first && second ? [{ path: first.key, message: 'Send it once: it is there more than once.' }] : [];
}

function isTextArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** An id of an agent for the log; nothing if it is not a plain id. */
function noteOf(name: 'sessionId' | 'agentId', value: string | undefined): CallNotes {
  return value !== undefined && /^[\w-]{1,64}$/.test(value) ? { [name]: value } : {};
}
