import { hash } from 'node:crypto';
import { encode, type LimitRule, modelsOf } from '../access/limit-rule.js';

/** The limits of one item of the store, in whole numbers. Money is in nano-dollars. */
export interface SharedLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly concurrent?: number;
  readonly tokensPerDay?: number;
  readonly tokensPerMonth?: number;
  readonly nanoPerDay?: number;
  readonly nanoPerMonth?: number;
}

/** The share of one item in the limits of a rule. */
export function sharedLimits(rule: LimitRule): SharedLimits {
  const { shards = 1 } = rule;
  const limits = {
    requestsPerMinute: rule.requestsPerMinute,
    tokensPerMinute: rule.tokensPerMinute,
    concurrent: rule.concurrent,
    tokensPerDay: rule.tokensPerDay,
    tokensPerMonth: rule.tokensPerMonth,
    nanoPerDay: nanoOf(rule.usdPerDay),
    nanoPerMonth: nanoOf(rule.usdPerMonth),
  };
  const shares = Object.entries(limits).flatMap(([name, limit]) =>
    limit === undefined ? [] : [[name, Math.floor(limit / shards)] as const],
  );
  return Object.fromEntries(shares);
}

/** How long the longest period of these limits matters, in seconds. */
export function lifetimeOf({ tokensPerDay, nanoPerDay, tokensPerMonth, nanoPerMonth }: SharedLimits): number {
  const hour = 3_600;
  if (tokensPerMonth !== undefined || nanoPerMonth !== undefined) return 40 * 24 * hour;
  return tokensPerDay !== undefined || nanoPerDay !== undefined ? 48 * hour : hour;
}

/** Whom a rule counts together: `p` one principal, `t` one team, `*` everyone. */
export type Subject = { readonly kind: 'p' | 't'; readonly name: string } | { readonly kind: '*'; readonly name: '' };

/** In bytes. DynamoDB takes keys of up to 2,048. */
const longestKey = 512;

/** The key of an item of the store: subject, models and shard. A key that would be too long is replaced by its SHA-256. */
export function itemKey({ kind, name }: Subject, rule: LimitRule, shard: number): string {
  const key = `${kind}|${encode(name)}|${modelsOf(rule)}|${shard}`;
  return key.length > longestKey ? hash('sha256', key) : key;
}

function nanoOf(usd: number | undefined): number | undefined {
  return usd === undefined ? undefined : Math.round(usd * 1e9);
}
