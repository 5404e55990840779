import { median } from './median.ts';

/** The samples of each measure and contender. */
export type Samples = Record<string, Record<string, number[]>>;

const titles: Readonly<Record<string, string>> = {
  burst: 'CPU ms / 1,000 chunks, burst',
  answers: 'CPU ms / 1,000 chunks, answers of 5,000',
  request: 'CPU ms / 20-chunk request, 16 at once',
  firstText: 'first text, added over the stand-in alone, ms',
  bytes: 'bytes loaded at import, KB',
  import: 'import, ms',
  firstAnswer: 'import + first streamed answer, ms',
  memory: 'RSS growth, 50,000 chunks, MB',
  pausedReader: 'RSS growth, reader pauses 3 s, MB',
};

/** Prints a Markdown table with the median, the range, and the ratio of the median to that of `naive`. */
export function printTable(samples: Samples, names: readonly string[]): void {
  console.log(`| measure | ${names.join(' | ')} |`);
  console.log(`|---|${names.map(() => '---|').join('')}`);
  for (const [measure, title] of Object.entries(titles)) {
    const row = measure === 'firstText' ? addedFirstText(samples) : samples[measure];
    if (!row) continue;
    const reference = median(row['naive'] ?? []);
    console.log(`| ${title} | ${names.map((name) => cell(row[name], reference)).join(' | ')} |`);
  }
}

/** Prints the microseconds that a span adds to a call. */
export function printSpans({ span }: Samples): void {
  if (!span) return;
  const costs = Object.entries(span).map(([provider, values]) => `${provider} ${range(values)}`);
  console.log(`\na span, µs by its provider: ${costs.join(', ')}`);
}

/** The time of each contender minus the time of the stand-in alone. */
function addedFirstText({ firstText, standInAlone }: Samples): Samples[string] | undefined {
  if (!firstText) return undefined;
  const alone = median(standInAlone?.['stand-in'] ?? []);
  const added = Object.entries(firstText).map(([name, values]) => [name, values.map((value) => value - alone)]);
  return Object.fromEntries(added);
}

function cell(values: readonly number[] | undefined, reference: number): string {
  if (!values) return '';
  const middle = median(values);
  return `${range(values)} · ${(middle / reference).toFixed(2)}x`;
}

/** The median, and the range of several values. */
function range(values: readonly number[]): string {
  const ends = values.length > 1 ? ` (${digits(Math.min(...values))}–${digits(Math.max(...values))})` : '';
  return `${digits(median(values))}${ends}`;
}

function digits(value: number): string {
  return value.toFixed(Math.abs(value) >= 10 ? 0 : 2);
}
