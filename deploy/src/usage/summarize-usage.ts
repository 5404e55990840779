import type { LimitRule, LimitSettings } from '@bedrock-proxy/core/limits';

/** The counters of one item of the table. */
export interface UsageItem {
  readonly key: string;
  readonly counters: Readonly<Record<string, number>>;
}

/** The names of what is counted, in the order of the report. */
export const measures = [
  'requestsPerMinute',
  'tokensPerMinute',
  'concurrent',
  'tokensPerDay',
  'tokensPerMonth',
  'usdPerDay',
  'usdPerMonth',
] as const;

type Measured = Readonly<Partial<Record<(typeof measures)[number], number>>>;

/** What one subject has used, in all of its shards together, and what is left of limits that are known. */
export interface SubjectUsage {
  readonly kind: 'principal' | 'team' | 'everyone' | 'hashed';
  /** The id of the principal or the team; for a key that was too long, its hash. */
  readonly name: string;
  /** The globs of the rule, separated by commas; `*` for all models. */
  readonly models: string;
  /** What calls under way hold is included. */
  readonly used: Measured;
  readonly left: Measured;
}

const kinds = { p: 'principal', t: 'team', '*': 'everyone' } as const;

/** Sums the items of each subject and rule, sorted by kind and name. `settings` are the limits, as far as they are known. */
export function summarizeUsage(
  items: Iterable<UsageItem>,
  settings: LimitSettings = {},
  now: number = Date.now(),
): readonly SubjectUsage[] {
  const subjects = new Map<string, Omit<SubjectUsage, 'left'>>();
  for (const { key, counters } of items) {
    const { kind, name, models } = readKey(key);
    const id = JSON.stringify([kind, name, models]);
    const used = addUp(subjects.get(id)?.used ?? {}, usedOf(counters, now));
    subjects.set(id, { kind, name, models, used });
  }
  return [...subjects.values()]
    .map((subject) => ({ ...subject, left: leftOf(subject.used, ruleOf(subject, settings)) }))
    .sort(
      (one, other) =>
        compare(one.kind, other.kind) || compare(one.name, other.name) || compare(one.models, other.models),
    );
}

function readKey(key: string): Pick<SubjectUsage, 'kind' | 'name' | 'models'> {
  const [, kind, name = '', models = ''] = /^([pt*])\|([^|]*)\|([^|]*)\|\d+$/.exec(key) ?? [];
  if (kind !== 'p' && kind !== 't' && kind !== '*') return { kind: 'hashed', name: key, models: '' };
  return {
    kind: kinds[kind],
    name: decodeURIComponent(name),
    models: models.split(',').map(decodeURIComponent).join(','),
  };
}

function usedOf(counters: Readonly<Record<string, number>>, now: number): Measured {
  const minute = Math.floor(now / 60_000);
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
  const month = day.slice(0, 6);
  const names = {
    ...{ requestsPerMinute: `r${minute}`, tokensPerMinute: `t${minute}`, concurrent: 'n' },
    ...{ tokensPerDay: `d${day}`, tokensPerMonth: `m${month}`, usdPerDay: `D${day}`, usdPerMonth: `M${month}` },
  } as const satisfies Record<(typeof measures)[number], string>;
  const found = measures.flatMap((measure) => {
    const count = counters[names[measure]];
    if (count === undefined) return [];
    return [[measure, measure.startsWith('usd') ? count / 1e9 : count] as const];
  });
  return Object.fromEntries(found);
}

/** The rule of a subject. The own limits of a caller are in its token, and not known here. */
function ruleOf({ kind, name, models }: Omit<SubjectUsage, 'left'>, { everyone, each, teams }: LimitSettings) {
  const rules = {
    everyone,
    principal: each,
    team: teams && (Object.hasOwn(teams, name) ? teams[name] : teams['*']),
    hashed: undefined,
  }[kind];
  return [rules ?? []].flat().find((rule) => [...new Set(rule.models ?? ['*'])].sort().join(',') === models);
}

function leftOf(used: Measured, rule: LimitRule | undefined): Measured {
  if (!rule) return {};
  const left = measures.flatMap((measure) => {
    const limit = rule[measure];
    return limit === undefined ? [] : [[measure, Math.max(0, limit - (used[measure] ?? 0))] as const];
  });
  return Object.fromEntries(left);
}

function addUp(one: Measured, other: Measured): Measured {
  const sums = measures.flatMap((measure) => {
    const [before, more] = [one[measure], other[measure]];
    return before === undefined && more === undefined ? [] : [[measure, (before ?? 0) + (more ?? 0)] as const];
  });
  return Object.fromEntries(sums);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
