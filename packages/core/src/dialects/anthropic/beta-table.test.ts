import { describe, expect, it } from 'vitest';
import { betaTable } from './beta-table.js';

describe('the table of betas', () => {
  it.each([
    'computer-use-2025-11-24',
    'token-efficient-tools-2025-02-19',
    'output-128k-2025-02-19',
    'dev-full-thinking-2025-05-14',
    'interleaved-thinking-2025-05-14',
    'fine-grained-tool-streaming-2025-05-14',
    'context-1m-2025-08-07',
    'effort-2025-11-24',
    'tool-search-tool-2025-10-19',
    'tool-examples-2025-10-29',
    'compact-2026-01-12',
    'mid-conversation-tool-changes-2026-07-01',
    'mid-conversation-output-config-2026-07-01',
    'thinking-display-updates-2026-08-18',
    'thinking-binding-controls-2026-08-01',
  ])('passes %s', (beta) => {
    expect(betaTable()(beta)).toBe(beta);
  });

  it('renames one as Claude Code does for Bedrock', () => {
    expect(betaTable()('advanced-tool-use-2025-11-20')).toBe('tool-search-tool-2025-10-19');
  });

  it.each([
    'claude-code-20250219',
    'context-management-2025-06-27',
    'thinking-token-count-2026-05-13',
    'effort-2025-11-25',
    'xeffort-2025-11-24',
    '',
    `computer-use-${'1'.repeat(100)}`,
  ])('drops what is in no row: %s', (beta) => {
    expect(betaTable()(beta)).toBeUndefined();
  });

  it("can be the operator's own", () => {
    const table = betaTable({ betas: ['a-?', 'b.*', 'old=new', 'kept'] });
    const sent = ['a-1', 'a-12', 'b.x', 'bxx', 'old', 'new', 'kept', 'effort-2025-11-24'].map(table);
    expect(sent).toEqual(['a-1', undefined, 'b.x', undefined, 'new', undefined, 'kept', undefined]);
    expect(table('advanced-tool-use-2025-11-20')).toBe('tool-search-tool-2025-10-19');
  });

  it('passes everything with a star, but for what is renamed or denied', () => {
    const table = betaTable({ betas: ['*', 'old=new'], betasDeny: ['bad-*', 'ne?'] });
    expect(['any', 'advanced-tool-use-2025-11-20', 'bad-1', 'old', 'next'].map(table)).toEqual([
      ...['any', 'advanced-tool-use-2025-11-20', undefined, undefined, 'next'],
    ]);
  });
});
