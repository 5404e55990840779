import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { median } from '../../bench/src/median.ts';

const root = join(import.meta.dirname, '../..');
const { samples }: { samples: Record<string, Record<string, number[]>> } = JSON.parse(
  readFileSync(join(root, 'bench/results.json'), 'utf8'),
);

/** As the tables of bench/ print a number. */
const printed = (measure: string, contender: string) => {
  const value = median(samples[measure]?.[contender] ?? []);
  return value.toFixed(Math.abs(value) >= 10 ? 0 : 2);
};

it.each([
  ['loaded at a cold start', 'bytes', 'KB'],
  ['import and first streamed answer', 'firstAnswer', 'ms'],
  ['CPU for 1,000 streamed chunks', 'burst', 'ms'],
])('the README states the median of bench/results.json for: %s', (title, measure, unit) => {
  const [, own, other] =
    new RegExp(`^\\| ${title} \\| (.+) \\| (.+) \\|$`, 'm').exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
  expect({ own, other }).toEqual({
    own: `${printed(measure, 'Function URL')} ${unit}`,
    other: `${printed(measure, 'naive')} ${unit}`,
  });
});
