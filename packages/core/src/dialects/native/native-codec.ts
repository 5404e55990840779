import * as z from 'zod/mini';
import { ProxyError, type RequestIssue } from '../../errors/proxy-error.js';
import { isIntervention } from '../../models/bedrock-keys.js';
import { missingMembers, parseValue, readJsonObject, rewrite, type TopLevelMember } from '../../request/json-scan.js';
import type { EventBatch } from '../../stream/open-stream.js';
import type { Codec, StreamEncoder } from '../dialect.js';
import { escapeLineBreaks } from '../escape-line-breaks.js';
import { nativeError } from './native-error.js';

const envelope = z.object({
  modelId: z.string({ error: 'Send the model as a string: a model id, an inference-profile id or an ARN.' }),
  stream: z._default(z.boolean({ error: 'Send true or false, or leave it out for false.' }), false),
});

/** The members that the proxy reads. */
const own: ReadonlySet<string> = new Set(['modelId', 'model', 'stream']);

/** These models send deltas only if the body asks for them too, even on the streaming operation. */
const streamsOnRequest = /(?:^|[./])cohere\.command-(?:light-)?text[^/]*$/;

/**
 * Reads `modelId` (or `model` in its place) and `stream` out of the client's own bytes. The payload is all the rest, byte for byte:
 * numbers, order, duplicate keys and white space.
 */
export const nativeCodec: Codec = {
  parse(body, { issues, options, isSetting, judge }) {
    const object = readJsonObject(body, (key) => own.has(key) || isSetting(key));
    const idKey = object.members.some(({ key }) => key === 'modelId') ? 'modelId' : 'model';
    const ids = object.members.filter(({ key }) => key === idKey);
    const streams = object.members.filter(({ key }) => key === 'stream');
    const parsed = envelope.safeParse({ modelId: parseValue(ids[0]), stream: parseValue(streams[0]) });
    const found = [
      ...issues,
      ...judge(object.members, 'invoke-model'),
      ...doubled(ids),
      ...doubled(streams),
      ...(parsed.error?.issues ?? []).map((issue) => issueOf(issue, ids[0]?.key)),
    ];
    if (!parsed.success || found.length > 0) throw new ProxyError('invalid_request', { issues: found });
    return {
      operation: 'invoke-model',
      ...parsed.data,
      ...(options && { options }),
      bodies: ({ id, settings }) => {
        const cut = new Set(streamsOnRequest.test(id) ? ids : [...ids, ...streams]);
        return [rewrite(object, cut, missingMembers(object.json, settings?.defaults))];
      },
      whole: ([answer]) => ({
        headers: { 'content-type': answer?.contentType ?? 'application/json' },
        body: answer?.body ?? '',
      }),
      encoder: (front) => (front === 'streaming' ? events : array),
    };
  },
};

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

/** Server-Sent Events. */
const events: StreamEncoder = {
  headers: {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  },
  waitsForFirst: false,
  onBufferedFailure: { append: 'error-status' },
  open: () => '',
  batch: (batch) => encodeTexts(batch, 'data: ', '\n\n'),
  ping: () => ': ping\n\n',
  end: () => 'data: [DONE]\n\n',
  fail: (error, requestId) => `data: ${nativeError(error, requestId)}\n\n`,
};

/** One JSON array. Every item brings the comma in front of the next, so that the terminal is always the last item. */
const array: StreamEncoder = {
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  waitsForFirst: false,
  onBufferedFailure: { append: 'error-status' },
  open: () => '[',
  batch: (batch) => encodeTexts(batch, '', ','),
  ping: () => '',
  end: () => '{"done":true}]',
  fail: (error, requestId) => `${nativeError(error, requestId)}]`,
};

/** Characters that JSON or a reader of lines wants escaped: control characters, lone surrogates, quotes, backslashes, line ends. */
const special = /[\p{Cc}\p{Cs}"\\\u2028\u2029]/u;

const intervention = '{"content":"","guardrailAction":"INTERVENED"}';

/**
 * The pieces of text of a batch as `{"content":"…"}`, each between `before` and `after`. At the end of an answer, an item of its own reports
 * a guardrail that changed the answer: nobody must take a part for the whole.
 */
export function encodeTexts({ events }: Pick<EventBatch, 'events'>, before: string, after: string): string {
  const members: string[] = [];
  let marker = '';
  for (const event of events) {
    if (event.type === 'stream-end' && isIntervention(event.guardrailAction)) marker = before + intervention + after;
    if (event.type === 'text-delta') members.push(special.test(event.text) ? escapeText(event.text) : event.text);
  }
  if (members.length === 0) return marker;
  const opening = `${before}{"content":"`;
  const closing = `"}${after}`;
  // Joined in one go: a string that grows piece by piece is a tree of them until it is written.
  return opening + members.join(closing + opening) + closing + marker;
}

/** Text as the inside of a JSON string. */
function escapeText(text: string): string {
  return escapeLineBreaks(JSON.stringify(text).slice(1, -1));
}
