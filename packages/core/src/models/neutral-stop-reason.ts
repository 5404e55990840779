import { isIntervention } from './bedrock-keys.js';
import type { StopReason } from './model-event.js';

// RAG_QUERY_WHEN_RAG_DISABLED of Titan is missing, because no neutral reason fits.
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
  error: [
    'error',
    'abort',
    'user_cancel',
    'insufficient_system_resource',
    'malformed_model_output',
    'malformed_tool_use',
  ],
};

const neutralReasons: ReadonlyMap<string, StopReason> = new Map(
  (Object.keys(nativeReasons) as StopReason[]).flatMap((neutral) =>
    nativeReasons[neutral].map((native) => [native, neutral] as const),
  ),
);

/** The neutral stop reason of an answer. If a guardrail cut or masked the answer, the native reason is ignored. */
export function stopReasonOf(native: string | undefined, guardrailAction: string | undefined): StopReason | undefined {
  if (isIntervention(guardrailAction)) return 'filter';
  return native === undefined ? undefined : neutralStopReason(native);
}

/** The neutral form of a native stop reason, in upper or lower case; undefined if it is unknown. */
export function neutralStopReason(native: string): StopReason | undefined {
  return neutralReasons.get(native.toLowerCase());
}
