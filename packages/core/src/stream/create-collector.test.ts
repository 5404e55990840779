import { expect, it } from 'vitest';
import type { ModelEvent } from '../models/model-event.js';
import { createCollector } from './create-collector.js';

function collect(events: readonly ModelEvent[]) {
  const collector = createCollector();
  for (const event of events) collector.add(event);
  return collector.answer();
}

it('adds text, reasoning, tool calls, counts and the end up', () => {
  expect(
    collect([
      { type: 'reasoning-delta', text: 'hm' },
      { type: 'text-delta', text: 'Hel' },
      { type: 'raw', value: 1 },
      { type: 'tool-call-start', index: 1, id: 't1', name: 'find' },
      { type: 'tool-call-start', index: 2, id: 't2', name: 'sum' },
      { type: 'tool-call-delta', index: 2, arguments: '{"b":' },
      { type: 'tool-call-delta', index: 1, arguments: '{}' },
      { type: 'tool-call-delta', index: 2, arguments: '2}' },
      { type: 'tool-call-delta', index: 9, arguments: 'of no call' },
      { type: 'text-delta', text: 'lo' },
      { type: 'reasoning-delta', text: 'm' },
      { type: 'usage-report', usage: { inputTokens: 3 } },
      { type: 'stream-end', stopReason: 'stop', nativeStopReason: 'end_turn', guardrailAction: 'NONE' },
    ]),
  ).toEqual({
    text: 'Hello',
    reasoning: 'hmm',
    toolCalls: [
      { id: 't1', name: 'find', arguments: '{}' },
      { id: 't2', name: 'sum', arguments: '{"b":2}' },
    ],
    usage: { inputTokens: 3 },
    stopReason: 'stop',
    nativeStopReason: 'end_turn',
    guardrailAction: 'NONE',
  });
});

it('is empty where nothing was said', () => {
  expect(collect([])).toEqual({ text: '', reasoning: '', toolCalls: [], usage: {} });
});
