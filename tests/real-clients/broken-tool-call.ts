import { encodeConverseFrame, streamReply } from '@bedrock-proxy/testing/emulator';

const toolUse = (toolUseId: string, name: string) => ({ start: { toolUse: { toolUseId, name } } });
const input = (json: string) => ({ delta: { toolUse: { input: json } } });

/** Two calls, the first of one piece, the second of three; a third one without input; and the end of the answer. */
const events: readonly (readonly [type: string, payload: object])[] = [
  ['messageStart', { role: 'assistant' }],
  ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'I call tools.' } }],
  ['contentBlockStop', { contentBlockIndex: 0 }],
  ['contentBlockStart', { contentBlockIndex: 1, ...toolUse('call-1', 'first_tool') }],
  ['contentBlockDelta', { contentBlockIndex: 1, ...input('') }],
  ['contentBlockDelta', { contentBlockIndex: 1, ...input('{"city":"Ulm"}') }],
  ['contentBlockStop', { contentBlockIndex: 1 }],
  ['contentBlockStart', { contentBlockIndex: 2, ...toolUse('call-2', 'second_tool') }],
  ['contentBlockDelta', { contentBlockIndex: 2, ...input('{"city"') }],
  ['contentBlockDelta', { contentBlockIndex: 2, ...input(':"Bonn"}') }],
  ['contentBlockDelta', { contentBlockIndex: 2, ...input('\n') }],
  ['contentBlockStop', { contentBlockIndex: 2 }],
  ['contentBlockStart', { contentBlockIndex: 3, ...toolUse('call-3', 'first_tool') }],
  ['contentBlockStop', { contentBlockIndex: 3 }],
  ['messageStop', { stopReason: 'tool_use' }],
  ['metadata', { usage: { inputTokens: 5, outputTokens: 9, totalTokens: 14 }, metrics: { latencyMs: 1 } }],
];

/** The index of the end marker: behind it, only an exception takes the answer back. */
const endMarker = events.findIndex(([type]) => type === 'messageStop');

/** An answer with tool calls that breaks off after some of its events. */
export const brokenToolCall = {
  length: events.length,
  /** Every place before the end marker. */
  cuts: Array.from({ length: endMarker }, (_, index) => index + 1),
  calls: [
    { name: 'first_tool', input: { city: 'Ulm' } },
    { name: 'second_tool', input: { city: 'Bonn' } },
    { name: 'first_tool', input: {} },
  ],
  reply: (count: number) =>
    streamReply(events.slice(0, count).map(([type, payload]) => encodeConverseFrame(type, payload))),
};
