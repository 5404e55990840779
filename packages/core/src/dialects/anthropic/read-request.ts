import { ProxyError, type RequestIssue } from '../../errors/proxy-error.js';
import type { CallNotes } from '../../ports/call-notes.js';
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
  readonly notes: CallNotes;
}

/** Reads what the proxy needs of a request. Throws `invalid_json`, and `invalid_request` with everything that is wrong. */
export function readRequest(body: Uint8Array, { requestId, headers, issues }: AdmittedHead): MessagesRequest {
  const object = readJsonObject(body);
  const membersOf = (key: string) => object.members.filter((member) => member.key === key);
  const models = membersOf('model');
  const streams = membersOf('stream');
  const modelId = parseValue(models[0]);
  const stream = parseValue(streams[0]) ?? (streams[0] ? null : false);
  const betas = membersOf('anthropic_beta').map(parseValue);
  const found: RequestIssue[] = [...issues, ...doubled(models), ...doubled(streams)];
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
