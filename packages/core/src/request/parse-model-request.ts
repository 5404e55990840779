import * as z from 'zod/mini';
import { ProxyError, type RequestIssue } from '../errors/proxy-error.js';
import { joinWithout, nestsDeeperThan, splitTopLevel, type TopLevelMember } from './json-scan.js';
import { isModelId } from './model-id.js';
import type { ModelRequest } from './model-request.js';

const deepest = 64;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const envelope = z.object({
  modelId: z.string({ error: 'Send the model as a string: a model id, an inference-profile id or an ARN.' }),
  stream: z._default(z.boolean({ error: 'Send true or false, or leave it out for false.' }), false),
});

// These models send deltas only where the body itself asks for them, even on the streaming operation.
const streamsOnRequest = /(?:^|[./])cohere\.command-(?:light-)?text[^/]*$/;

/**
 * Reads `modelId` (or `model` in its place) and `stream` out of the client's own bytes and leaves the rest untouched:
 * numbers, order, duplicate keys and white space. Throws `invalid_json`; `invalid_request` for `issues` found elsewhere and its own;
 * `invalid_model`.
 */
export function parseModelRequest(body: Uint8Array, issues: readonly RequestIssue[] = []): ModelRequest {
  assertJsonObject(body);
  const object = splitTopLevel(body);
  const idKey = object.members.some(({ key }) => key === 'modelId') ? 'modelId' : 'model';
  const ids = object.members.filter(({ key }) => key === idKey);
  const streams = object.members.filter(({ key }) => key === 'stream');
  const parsed = envelope.safeParse({ modelId: parseValue(ids[0]), stream: parseValue(streams[0]) });
  const found = [
    ...issues,
    ...doubled(ids),
    ...doubled(streams),
    ...(parsed.error?.issues ?? []).map((issue) => issueOf(issue, ids[0]?.key)),
  ];
  if (!parsed.success || found.length > 0) throw new ProxyError('invalid_request', { issues: found });
  const { modelId, stream } = parsed.data;
  if (!isModelId(modelId)) throw new ProxyError('invalid_model');
  const cut = new Set(streamsOnRequest.test(modelId) ? ids : [...ids, ...streams]);
  return { modelId, stream, payload: joinWithout(object, cut) };
}

function assertJsonObject(body: Uint8Array): void {
  if (nestsDeeperThan(deepest, body)) {
    throw new ProxyError('invalid_json', { message: `The body nests deeper than ${deepest} levels. Flatten it.` });
  }
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body));
  } catch {
    // The engine's own sentence would quote the body.
    throw new ProxyError('invalid_json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProxyError('invalid_json');
}

function parseValue(member: TopLevelMember | undefined): unknown {
  return member && JSON.parse(utf8.decode(member.value));
}

function doubled([first, second]: readonly TopLevelMember[]): readonly RequestIssue[] {
  if (!first || !second) return [];
  return [{ path: first.key, message: `Send ${first.key} once: it is there more than once.` }];
}

function issueOf(
  { path, message }: { path: readonly PropertyKey[]; message: string },
  idKey = 'modelId',
): RequestIssue {
  return { path: path[0] === 'modelId' ? idKey : path.join('.'), message };
}
