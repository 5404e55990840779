import { expect, it } from 'vitest';
import { reasoningContent, textContent, toolCallArguments, toolCallStart, wholeToolCall } from './chunk-reading.js';

it.each(['', null, undefined, 7, {}])(
  'textContent, reasoningContent and toolCallArguments return no event for %j',
  (value) => {
    expect([textContent(value), reasoningContent(value), toolCallArguments(0, value)]).toEqual([[], [], []]);
  },
);

it('toolCallStart uses an empty string for a missing id or name', () => {
  expect(toolCallStart(1, null, 5)).toEqual({ type: 'tool-call-start', index: 1, id: '', name: '' });
});

it.each([
  [{ day: 1 }, '{"day":1}'],
  ['{"day": 1}', '{"day": 1}'],
  [undefined, '{}'],
])('wholeToolCall turns the input %j into the arguments %s', (input, json) => {
  expect(wholeToolCall(0, 'id', 'tides', input)).toEqual([
    { type: 'tool-call-start', index: 0, id: 'id', name: 'tides' },
    { type: 'tool-call-delta', index: 0, arguments: json },
  ]);
});
