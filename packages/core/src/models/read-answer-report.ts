import type { ModelAnswer, Usage } from '../ports/model-invoker.js';
import { readBedrockKeys } from './bedrock-keys.js';
import { mergeUsage, withLargestOutput } from './chunk-reading.js';
import { detectFamily } from './detect-family.js';
import { isJsonObject } from './json-object.js';
import type { StreamEnd } from './model-event.js';
import { stopReasonOf } from './neutral-stop-reason.js';

/** The usage and the stop reason of a whole answer, as far as the answer reports them. */
export interface AnswerReport extends Omit<StreamEnd, 'type'> {
  readonly usage: Usage;
}

/** Larger answers are mostly images and vectors. They are not parsed; their usage is read from the headers. */
const maxParsedBytes = 262_144;

/** Reads the usage and the stop reason of a whole answer. Counters in the body replace those in the headers. */
export function readAnswerReport({ body, meta }: Pick<ModelAnswer, 'body' | 'meta'>): AnswerReport {
  const reported: Usage = meta.reportedTokens ?? {};
  const answer = body.length > maxParsedBytes ? undefined : parse(body);
  if (!isJsonObject(answer)) return { usage: reported };
  const reading = detectFamily(answer)?.read(answer);
  const keys = readBedrockKeys(answer);
  const counted = reading?.usage ?? {};
  const metrics = keys?.metrics ?? {};
  const nativeStopReason = reading?.stopReason;
  const guardrailAction = keys?.guardrailAction;
  const stopReason = stopReasonOf(nativeStopReason, guardrailAction);
  return {
    usage: withLargestOutput(
      mergeUsage(mergeUsage(reported, counted), metrics),
      ...[counted.outputTokens, metrics.outputTokens],
    ),
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
