import { expect, it } from 'vitest';
import { allOf } from './compose.js';
import { modelAllowlist, modelGlobs } from './model-globs.js';

const id = 'us.anthropic.claude-sonnet-5';

it('permits an alias by its exact name, with whatever it stands for', () => {
  const permits = modelGlobs(['@sonnet', 'amazon.*']);
  expect(permits(id, 'sonnet')).toBe(true);
  expect(permits('anything.else', 'sonnet')).toBe(true);
  for (const alias of ['sonnet2', 'Sonnet', 'sonne', '@sonnet', '', undefined]) expect(permits(id, alias)).toBe(false);
  expect(permits('amazon.nova', 'other')).toBe(true);
});

it.each(['@sonnet', 'sonnet', '@', '*sonnet'])('never matches an id with a grant of an alias: %s', (asked) => {
  expect(modelGlobs(['@sonnet', '@', '@*'])(asked)).toBe(false);
});

it('reads no patterns in the grant of an alias', () => {
  const permits = modelGlobs(['@*', '@son?et']);
  expect(permits(id, 'sonnet')).toBe(false);
});

it('judges an alias by what it stands for where no grant names it', () => {
  const permits = modelGlobs(['*haiku*']);
  expect(permits(id, 'haiku')).toBe(false);
  expect(permits('us.anthropic.claude-haiku-4-5-20251001-v1:0', 'sonnet')).toBe(true);
});

it('needs the grant of every policy', async () => {
  const both = allOf(modelAllowlist(['@sonnet']), modelAllowlist(['us.anthropic.*']));
  const decision = await both({ requestId: 'r-1' });
  if (decision.allow !== true) throw new Error('not admitted');
  expect(decision.permitsModel?.(id, 'sonnet')).toBe(true);
  expect(decision.permitsModel?.('eu.anthropic.claude-sonnet-5', 'sonnet')).toBe(false);
  expect(decision.permitsModel?.(id)).toBe(false);
});
