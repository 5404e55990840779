import { isIntervention } from './bedrock-keys.js';
import type { StopReason } from './model-event.js';

// Cohere's USER_CANCEL and Titan's RAG_QUERY_WHEN_RAG_DISABLED have no neutral word that would be true.
const nativeReasons: Readonly<Record<StopReason, readonly string[]>> = {
  stop: [
    'end_turn',
    'stop',
    'stop_sequence',
    'finish',
    'finished',
    'stop_criteria_met',
    'complete',
    'endoftext',
    'eos_token',
    'eos',
    'pause_turn',
  ],
  length: ['max_tokens', 'length', 'model_context_window_exceeded', 'error_limit'],
  tool: ['tool_use', 'tool_calls', 'function_call'],
  filter: ['content_filtered', 'guardrail_intervened', 'refusal', 'error_toxic', 'content_filter'],
  error: ['error', 'malformed_model_output', 'malformed_tool_use'],
};

const neutralReasons: ReadonlyMap<string, StopReason> = new Map(
  (Object.keys(nativeReasons) as StopReason[]).flatMap((neutral) =>
    nativeReasons[neutral].map((native) => [native, neutral] as const),
  ),
);

/** Why an answer stopped. The model's own reason does not hold if a guardrail cut or masked the answer. */
export function stopReasonOf(native: string | undefined, guardrailAction: string | undefined): StopReason | undefined {
  if (isIntervention(guardrailAction)) return 'filter';
  return native === undefined ? undefined : neutralStopReason(native);
}

/** The neutral word for a model's own stop reason, in any case; undefined where the word is not known. */
export function neutralStopReason(native: string): StopReason | undefined {
  return neutralReasons.get(native.toLowerCase());
}
