import { expect, it } from 'vitest';
import { neutralStopReason } from './neutral-stop-reason.js';

it.each([
  [
    'stop',
    [
      'end_turn',
      'stop',
      'stop_sequence',
      'STOP_SEQUENCE',
      'FINISH',
      'FINISHED',
      'STOP_CRITERIA_MET',
      'COMPLETE',
      'endoftext',
      'eos_token',
      'eos',
      'pause_turn',
    ],
  ],
  ['length', ['max_tokens', 'length', 'LENGTH', 'MAX_TOKENS', 'model_context_window_exceeded', 'ERROR_LIMIT']],
  ['tool', ['tool_use', 'tool_calls', 'function_call']],
  [
    'filter',
    ['CONTENT_FILTERED', 'content_filtered', 'guardrail_intervened', 'refusal', 'ERROR_TOXIC', 'content_filter'],
  ],
  ['error', ['ERROR', 'error', 'abort', 'ABORT', 'USER_CANCEL', 'insufficient_system_resource', 'malformed_tool_use']],
] as const)('neutralStopReason returns %s for %s', (neutral, natives) => {
  for (const native of natives) expect([native, neutralStopReason(native)]).toEqual([native, neutral]);
});

it.each(['RAG_QUERY_WHEN_RAG_DISABLED', 'constructor', 'something_new'])(
  'neutralStopReason returns undefined for %s',
  (native) => {
    expect(neutralStopReason(native)).toBeUndefined();
  },
);
