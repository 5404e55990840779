import { readFileSync } from 'node:fs';
import { bearerTokens } from '@bedrock-proxy/core';
import { limited, memoryLimitStore } from '@bedrock-proxy/core/limits';
import { describe, expect, it } from 'vitest';

const document = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8');
const open = () => ({ allow: true, principal: 'anyone' }) as const;

/** The JSON under a mark of the document. */
function exampleOf(mark: string): object {
  const [, json = ''] = new RegExp(`<!-- check: ${mark} -->\n\`\`\`json\n([^]*?)\`\`\``).exec(document) ?? [];
  return JSON.parse(json);
}

describe('the examples of docs/limits.md', () => {
  it('are valid limits, token records and prices', () => {
    expect(limited(open, { store: memoryLimitStore(), ...exampleOf('limits') })).toBeTypeOf('function');
    expect(bearerTokens(exampleOf('records') as Parameters<typeof bearerTokens>[0])).toBeTypeOf('function');
    expect(limited(open, { store: memoryLimitStore(), prices: { ...exampleOf('prices') } })).toBeTypeOf('function');
  });

  it('are checked, each of them', () => {
    expect(document.match(/```json/g)).toHaveLength(3);
  });
});
