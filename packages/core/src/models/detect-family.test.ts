import { expect, it } from 'vitest';
import { detectFamily } from './detect-family.js';

it.each([
  ['claude-messages', { type: 'message_start', message: {} }],
  ['claude-completions', { type: 'completion', completion: '' }],
  ['converse', { contentBlockDelta: {} }],
  ['converse', { output: { message: {} }, stopReason: 'end_turn' }],
  ['titan-text', { outputText: '' }],
  ['titan-text', { inputTextTokenCount: 1, results: [{ outputText: '' }] }],
  ['llama', { generation: '' }],
  ['mistral-text', { outputs: [] }],
  ['chat-completions', { choices: [] }],
  ['chat-completions', { choices: [], metadata: { tier: 1 } }],
  ['command-r', { event_type: 'stream-end', is_finished: true }],
  ['command-r', { response_id: 'r', text: '', meta: {} }],
  ['command', { is_finished: true, text: '' }],
  ['command', { generations: [], prompt: '' }],
  ['pegasus', { message: '', stopReason: '' }],
  ['jurassic', { completions: [] }],
  ['text-generation', { token: { text: '' }, generated_text: null }],
  ['text-generation', { generated_text: 'Hi' }],
  ['non-text', { results: [{ relevance_score: 1 }] }],
  ['non-text', { embedding: [], message: null }],
])('detectFamily returns %s for %j', (name, chunk) => {
  expect(detectFamily(chunk)?.name).toBe(name);
});

it.each<object>([{}, { answer: 'Hi' }, { type: 'unknown' }, { message: 'Too many requests' }, { constructor: 1 }])(
  'detectFamily returns undefined for %j',
  (chunk) => {
    expect(detectFamily({ ...chunk })).toBeUndefined();
  },
);
