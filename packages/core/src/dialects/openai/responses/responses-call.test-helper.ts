import type { JsonObject } from '../../../models/json-object.js';
import type { OpenAiModelSettings } from '../../../routing/model-alias.js';
import { admittedHead } from '../../admitted-head.test-helper.js';
import type { AdmittedHead, ParsedCall } from '../../dialect.js';
import { claude, refusedSettings, sentBy } from '../chat-call.test-helper.js';
import { responsesCodec } from './responses-codec.js';

const head = admittedHead({ path: '/v1/responses', ...refusedSettings });

/** A request of the Responses API, read. It asks Claude for an answer to `Hi`, as far as `members` do not differ. */
export function parseResponses(members: object, more: Partial<AdmittedHead> = {}): ParsedCall {
  const body = { model: claude, input: 'Hi', ...members };
  return responsesCodec.parse(Buffer.from(JSON.stringify(body)), { ...head, ...more });
}

/** The Converse request that a request becomes, and the names of what it does not have. */
export function converseOf(
  members: object,
  openai: OpenAiModelSettings = {},
  more: Partial<AdmittedHead> = {},
): { readonly body: JsonObject; readonly dropped: string | undefined } {
  return sentBy(parseResponses(members, more), openai);
}

/** The turns that an input becomes. */
export function turnsOf(input: unknown, members: object = {}): unknown {
  return converseOf({ input, ...members }).body['messages'];
}
