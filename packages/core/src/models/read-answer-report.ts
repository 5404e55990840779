import type { ModelAnswer, Usage } from '../ports/model-invoker.js';
import { readBedrockKeys } from './bedrock-keys.js';
import { isJsonObject } from './json-object.js';
import type { StreamEnd } from './model-event.js';
import { detectFamily } from './model-families.js';
import { stopReasonOf } from './stop-reasons.js';

/** What a whole answer says of itself, as far as it does. */
export interface AnswerReport extends Omit<StreamEnd, 'type'> {
  readonly usage: Usage;
}

/** Answers over this size are mostly pictures and vectors: their counts are read from headers rather than by parsing megabytes. */
const largestParsed = 262_144;

/** Reads what a whole answer says of itself: the counts of its body first, then those that Bedrock gave in headers. */
export function readAnswerReport({ body, meta }: Pick<ModelAnswer, 'body' | 'meta'>): AnswerReport {
  const reported: Usage = meta.reportedTokens ?? {};
  const answer = body.length > largestParsed ? undefined : parse(body);
  if (!isJsonObject(answer)) return { usage: reported };
  const reading = detectFamily(answer)?.read(answer);
  const keys = readBedrockKeys(answer);
  const nativeStopReason = reading?.stopReason;
  const guardrailAction = keys?.guardrailAction;
  const stopReason = stopReasonOf(nativeStopReason, guardrailAction);
  return {
    usage: { ...reported, ...reading?.usage, ...keys?.metrics },
    ...(stopReason !== undefined && { stopReason }),
    ...(nativeStopReason !== undefined && { nativeStopReason }),
    ...(guardrailAction !== undefined && { guardrailAction }),
  };
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
