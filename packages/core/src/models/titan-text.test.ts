import { describe, expect, it } from 'vitest';
import { titanText } from './titan-text.js';

const intervened = { 'amazon-bedrock-guardrailAction': 'INTERVENED' };

describe('titanText', () => {
  it('matches a text, a stop reason or a result with text', () => {
    expect(titanText.matches({ outputText: '' })).toBe(true);
    expect(titanText.matches({ completionReason: 'FINISH' })).toBe(true);
    expect(titanText.matches({ results: [{ outputText: '' }] })).toBe(true);
    expect(titanText.matches({ results: [{ index: 0, relevance_score: 1 }] })).toBe(false);
    expect(titanText.matches({ inputTextTokenCount: 3, embedding: [] })).toBe(false);
  });

  it('does not end the answer if output count and stop reason are null', () => {
    const running = { outputText: 'Hi', index: 0, totalOutputTextTokenCount: null, completionReason: null };
    expect(titanText.read({ ...running, inputTextTokenCount: 7 })).toEqual({
      content: [{ type: 'text-delta', text: 'Hi' }],
      endsAnswer: false,
      endsSoftly: false,
      usage: { inputTokens: 7 },
    });
  });

  it('ends the answer with an output count or a stop reason', () => {
    expect(titanText.read({ outputText: '', totalOutputTextTokenCount: 0 })).toMatchObject({ endsAnswer: true });
    expect(titanText.read({ outputText: '', completionReason: 'FINISH' })).toMatchObject({ stopReason: 'FINISH' });
  });

  it('ends the answer softly without counts only if a guardrail intervened', () => {
    expect(titanText.read({ outputText: 'No.', ...intervened }).endsSoftly).toBe(true);
    expect(titanText.read({ outputText: 'No.', inputTextTokenCount: 3, ...intervened }).endsSoftly).toBe(false);
    expect(titanText.read({ outputText: 'No.' }).endsSoftly).toBe(false);
  });

  it('reads neither text nor an end in other outputs than the first', () => {
    expect(
      titanText.read({ outputText: 'Hi', index: 1, completionReason: 'FINISH', totalOutputTextTokenCount: 2 }),
    ).toEqual({
      usage: { outputTokens: 2 },
    });
  });
});

it('titanText reads the first result of a whole answer', () => {
  expect(
    titanText.read({
      inputTextTokenCount: 7,
      results: [{ tokenCount: 9, outputText: 'Hi', completionReason: 'LENGTH' }, { outputText: 'Ho' }],
    }),
  ).toEqual({
    content: [{ type: 'text-delta', text: 'Hi' }],
    stopReason: 'LENGTH',
    endsAnswer: true,
    usage: { inputTokens: 7, outputTokens: 9 },
  });
});
