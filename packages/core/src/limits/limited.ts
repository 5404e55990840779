import type { AccessPolicy, Admission, Reserve } from '../access/access-policy.js';
import { joinReserves } from '../access/compose.js';
import { type LimitRule, parseLimitRules } from '../access/limit-rule.js';
import type { LimitStore } from '../ports/limit-store.js';
import type { Logger } from '../ports/logger.js';
import type { Limiter, SubjectRules } from './create-limiter.js';
import { parsePrices } from './parse-prices.js';
import type { Prices } from './price.js';

/** The limits of a deployment. */
export interface LimitSettings {
  /** For all callers together. */
  readonly everyone?: LimitRule | readonly LimitRule[];
  /** For each principal whose policy names no limits of its own. */
  readonly each?: LimitRule | readonly LimitRule[];
  /** For each team by its name; `*` for all teams without an entry, each for itself. */
  readonly teams?: Readonly<Record<string, LimitRule | readonly LimitRule[]>>;
}

export interface LimitedOptions extends LimitSettings {
  /** Where calls are counted: `dynamoLimitStore`, `memoryLimitStore`, or your own. */
  readonly store: LimitStore;
  /** Prices by glob of a model id, before the built-in ones. With it, the log has the cost of callers without limits too. */
  readonly prices?: Prices;
  /** Whether calls are refused (`closed`, the default) or admitted without limits (`open`) if the store cannot be asked. */
  readonly onFailure?: 'closed' | 'open';
  /** For one admission or settle, in milliseconds. 1,000 by default. */
  readonly timeoutMs?: number;
  /** Gets the failures of the store that no client sees. */
  readonly logger?: Logger;
}

/**
 * The same policy, whose callers have limits. They are checked once a call is known, in the order caller, team, everyone, and settled with
 * what the call used. Nothing is loaded or counted for a caller without a limit. Throws a `TypeError` for an invalid rule or price.
 */
export function limited(access: AccessPolicy, options: LimitedOptions): AccessPolicy {
  const { store, prices, onFailure = 'closed', timeoutMs = 1_000, logger } = options;
  const settings = parseLimitSettings(options);
  const limiterOptions = { store, prices: parsePrices(prices ?? {}), onFailure, timeoutMs, logger };
  let limiter: Limiter | undefined;

  async function load(): Promise<Limiter> {
    const { createLimiter } = await import('./create-limiter.js');
    limiter ??= createLimiter(limiterOptions);
    return limiter;
  }

  const policy: AccessPolicy = async (request) => {
    const decision = await access(request);
    if (decision.allow !== true) return decision;
    const { limits: _, ...admission } = decision;
    const subjects = subjectsOf(decision, settings);
    if (subjects.length === 0 && !prices) return admission;
    const reserve: Reserve = async (call) => (limiter ?? (await load())).reserve(subjects, call, request.requestId);
    return { ...admission, reserve: admission.reserve ? joinReserves([admission.reserve, reserve]) : reserve };
  };
  return Object.assign(policy, access.admitsSource && { admitsSource: access.admitsSource });
}

/** Limits of unknown origin, checked. Throws a `TypeError` that names the place, such as `everyone.usdPerDay`, and no value. */
function parseLimitSettings({ everyone, each, teams = {} }: LimitSettings): ParsedSettings {
  return {
    everyone: parseAt('everyone', everyone),
    each: parseAt('each', each),
    teams: new Map(Object.entries(teams).map(([name, rules]) => [name, parseAt(`teams.${name}`, rules)])),
  };
}

interface ParsedSettings {
  readonly everyone: readonly LimitRule[];
  readonly each: readonly LimitRule[];
  readonly teams: ReadonlyMap<string, readonly LimitRule[]>;
}

function parseAt(place: string, rules: unknown): readonly LimitRule[] {
  return rules === undefined ? [] : parseLimitRules(rules, place);
}

/** The narrow limits go first, so that a caller over its own never touches the counters that all share. */
function subjectsOf({ principal, team, limits }: Admission, { everyone, each, teams }: ParsedSettings): SubjectRules[] {
  const own: SubjectRules = {
    scope: limits ? 'token' : 'each',
    name: 'this caller',
    subject: { kind: 'p', name: principal },
    rules: limits ?? each,
  };
  const ofTeam = team === undefined ? [] : (teams.get(team) ?? teams.get('*') ?? []);
  return [
    own,
    { scope: 'team', name: 'this team', subject: { kind: 't', name: team ?? '' }, rules: ofTeam } as const,
    { scope: 'everyone', name: 'all callers together', subject: { kind: '*', name: '' }, rules: everyone } as const,
  ].filter(({ rules }) => rules.length > 0);
}
