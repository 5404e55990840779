import { describe, expect, it } from 'vitest';
import { defaultModels } from '../../scripts/models/default-models.mjs';
import { codeBlocks, textBefore } from './markdown-code.ts';
import { filesWithModels, type Lifecycle, lifecycleDocument, lifecycles, modelsIn } from './model-ids.ts';

const dayMs = 86_400_000;
const { checkedOn, models } = lifecycles();
const today = Date.now();
const daysUntil = (date: string) => (Date.parse(date) - today) / dayMs;

/** The row of an id. Anthropic's own names have no date and no version. */
function lifecycleOf(id: string): Lifecycle | undefined {
  const row = models.get(id);
  if (row) return row;
  const dated = [...models.keys()].find((known) => known.startsWith(`${id}-20`) || known.startsWith(`${id}-v1`));
  return dated === undefined ? undefined : models.get(dated);
}

describe('the table of ends of life', () => {
  it('was checked in the last 120 days, so that an end is known 60 days ahead', () => {
    expect(models.size).toBeGreaterThan(20);
    expect(-daysUntil(checkedOn)).toBeGreaterThanOrEqual(0);
    expect(-daysUntil(checkedOn), `${lifecycleDocument} was checked on ${checkedOn}: check it again`).toBeLessThan(120);
  });

  it('calls a model ended from the day of its end, and not before', () => {
    const wrong = [...models].filter(([, { state, end }]) => {
      if (end === undefined) return state === 'Legacy';
      return (state === 'ended') !== daysUntil(end) <= 0;
    });
    expect(wrong).toEqual([]);
  });
});

describe('the models of the documents, the examples and the tools', () => {
  const used = filesWithModels().flatMap((path) => modelsIn(path).map((id) => ({ path, id })));

  it('are found', () => {
    expect(used.length).toBeGreaterThan(60);
    for (const id of defaultModels) {
      const bare = id.replace('global.', '');
      for (const path of ['README.md', 'docs/deploy.md', 'local/src/playground/families.js']) {
        expect(used).toContainEqual({ path, id: bare });
      }
    }
  });

  it('are in the table', () => {
    expect(used.filter(({ id }) => lifecycleOf(id) === undefined)).toEqual([]);
  });

  it('are active, and will be for 60 days, except the ended ones that the page of the models describes', () => {
    const wrong = used.filter(({ path, id }) => {
      const { state, end } = lifecycleOf(id) ?? {};
      if (path === lifecycleDocument && state !== 'active') return false;
      return state !== 'active' || (end !== undefined && daysUntil(end) < 60);
    });
    expect(wrong).toEqual([]);
  });

  it('say next to an ended model that Bedrock no longer serves it', () => {
    const ended = codeBlocks(lifecycleDocument).filter(({ code }) => {
      const id = /"modelId": "(?:[a-z-]+\.)?(\w+\.[^"]+)"/.exec(code)?.[1];
      return id !== undefined && lifecycleOf(id)?.state === 'ended';
    });
    expect(ended.length).toBeGreaterThan(3);
    for (const block of ended) expect(textBefore(block)).toContain('Bedrock no longer serves this family.');
  });
});
