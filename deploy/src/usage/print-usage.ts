import { measures, type SubjectUsage } from './summarize-usage.ts';

const titles: Readonly<Record<(typeof measures)[number], string>> = {
  requestsPerMinute: 'requests this minute',
  tokensPerMinute: 'tokens this minute',
  concurrent: 'calls under way',
  tokensPerDay: 'tokens today',
  tokensPerMonth: 'tokens this month',
  usdPerDay: 'dollars today',
  usdPerMonth: 'dollars this month',
};

/** The report for a person: a line for each subject, and one for each measure below it. */
export function printUsage(subjects: readonly SubjectUsage[]): string {
  if (subjects.length === 0) return 'Nothing is counted yet.';
  return subjects
    .map(({ kind, name, models, used, left }) => {
      const subject = [kind, name, models === '*' || models === '' ? '' : `(${models})`].filter((word) => word !== '');
      const lines = measures.flatMap((measure) => {
        if (used[measure] === undefined && left[measure] === undefined) return [];
        const rest = left[measure];
        return `  ${titles[measure].padEnd(22)}${write(measure, used[measure] ?? 0).padStart(16)}${
          rest === undefined ? '' : `   left ${write(measure, rest)}`
        }`;
      });
      return [subject.join(' '), ...lines].join('\n');
    })
    .join('\n');
}

function write(measure: (typeof measures)[number], count: number): string {
  if (!measure.startsWith('usd')) return count.toLocaleString('en-US');
  return `$${count.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`;
}
