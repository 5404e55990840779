import { readFileSync } from 'node:fs';
import { parseAliases } from '@bedrock-proxy/core/routing';
import { expect, it } from 'vitest';

const text = readFileSync(new URL('../../docs/routing.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => json);

it('the aliases of docs/routing.md are valid', () => {
  expect(blocks).toHaveLength(3);
  expect(blocks.flatMap((json) => Object.keys(parseAliases(JSON.parse(json))))).toEqual([
    'fast',
    'sonnet',
    'batch',
    'assistant',
  ]);
});
