import { describe, expect, it } from 'vitest';
import { claudeMessages } from './claude-messages.js';

describe('what Bedrock does not have of Anthropic’s API', () => {
  const plain = {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 10,
    messages: [{ role: 'user', content: 'Hi' }],
  };
  const read =
    (payload: object, model = 'anthropic.claude-sonnet-4-5-20250929-v1:0') =>
    () =>
      claudeMessages(model).readPrompt({ ...plain, ...payload });

  it.each([
    [{ anthropic_beta: ['effort-2025-11-24', 'files-api-2025-04-14'] }, 'invalid beta flag'],
    [{ anthropic_beta: 'effort-2025-11-24' }, 'anthropic_beta: Input should be a valid list of strings'],
    [{ service_tier: 'auto' }, 'service_tier: Extra inputs are not permitted'],
    [{ context_management: { edits: [{ type: 'clear_thinking_20251015' }] } }, 'context_management: Extra inputs'],
    [{ context_management: { edits: [{ type: 'compact_20260112' }] } }, 'context_management: Extra inputs'],
    [
      { messages: [{ role: 'system', content: 'Be brief.' }] },
      "messages.0.role: Input should be 'user' or 'assistant'",
    ],
  ])('is refused in its words: %j', (payload, sentence) => {
    expect(read(payload)).toThrow(sentence);
  });

  it.each([
    [{ anthropic_beta: ['effort-2025-11-24', 'computer-use-2025-01-24'] }],
    [{ anthropic_beta: ['compact-2026-01-12'], context_management: { edits: [{ type: 'compact_20260112' }] } }],
  ])('is not what Bedrock has: %j', (payload) => {
    expect(read(payload)).not.toThrow();
  });

  it('is for some models only', () => {
    const messages = [...plain.messages, { role: 'system', content: 'Be brief.' }];
    const newest = read({ anthropic_version: '2026-10-21', messages }, 'anthropic.claude-opus-5-5');
    expect(newest()).toMatchObject({ text: 'Hi' });
  });
});
