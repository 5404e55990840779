import type { JsonObject } from '../../models/json-object.js';
import { readJsonObject } from '../../request/json-scan.js';
import type { OpenAiModelSettings } from '../../routing/model-alias.js';
import { admittedHead } from '../admitted-head.test-helper.js';
import type { AdmittedHead, ParsedCall } from '../dialect.js';
import { chatCodec } from './chat-codec.js';

export const claude = 'anthropic.claude-sonnet-4-6';

const setting = /^(?:guardrailConfig|performanceConfig|requestMetadata|serviceTier|amazon-bedrock-.*)$/;

/** The proxy refuses these members where a caller may set none of Bedrock's settings. */
export const refusedSettings: Pick<AdmittedHead, 'isSetting' | 'judge'> = {
  isSetting: (key) => setting.test(key),
  judge(body) {
    const members = body instanceof Uint8Array ? readJsonObject(body).members : body;
    return members.filter(({ key }) => setting.test(key)).map(({ key }) => ({ path: key, message: 'Leave this out.' }));
  },
};

const head = admittedHead({ path: '/v1/chat/completions', ...refusedSettings });

/** A request for a chat completion, read. It asks Claude for an answer to `Hi`, as far as `members` do not differ. */
export function parseChat(members: object, more: Partial<AdmittedHead> = {}): ParsedCall {
  const body = { model: claude, messages: [{ role: 'user', content: 'Hi' }], ...members };
  return chatCodec.parse(Buffer.from(JSON.stringify(body)), { ...head, ...more });
}

/** The Converse request that a chat completion becomes, and the names of what it does not have. */
export function converseOf(
  members: object,
  openai: OpenAiModelSettings = {},
  more: Partial<AdmittedHead> = {},
): { readonly body: JsonObject; readonly dropped: string | undefined } {
  return sentBy(parseChat(members, more), openai);
}

/** What a call sends for an alias with these settings. */
export function sentBy(call: ParsedCall, openai: OpenAiModelSettings = {}) {
  // As the proxy resolves an alias.
  const model = { id: call.modelId, settings: { openai } };
  const bodies = call.bodies(model);
  if ('status' in bodies) throw new Error('A conversation calls the model.');
  const body: JsonObject = JSON.parse(Buffer.from(bodies[0] ?? []).toString());
  return { body, dropped: call.answerHeaders?.['x-proxy-dropped'] };
}
