import type { Rate } from '../errors/proxy-error.js';
import type { CallMeta, InvokeModelOptions, ModelTarget, Usage } from '../ports/model-invoker.js';
import type { DenialReason } from './denial-reason.js';
import type { LimitRule } from './limit-rule.js';

/** The input of a policy. `token` is the credential as presented; `sourceIp` is the address that the front received. */
export interface AccessRequest {
  readonly requestId: string;
  readonly token?: string;
  readonly sourceIp?: string;
}

/** The outcome of the call of an admitted request. */
export interface CallOutcome {
  /** Whether the model accepted a call, or may have: a call that was given up without an answer counts too. */
  readonly accepted: boolean;
  /** Whether the answer ended as the model ended it. Absent: it broke off, or there was none. */
  readonly complete?: boolean;
  readonly served?: CallMeta['served'];
  readonly failed?: CallMeta['failed'];
  /** Characters of text and reasoning in a streamed answer. */
  readonly textLength: number;
}

/** Runs exactly once for each decision or reservation, however the request ends, with the counts that are known by then. */
export type Settle = (usage: Usage, outcome: CallOutcome) => void | Promise<void>;

/** A call that has not started yet. */
export interface CallToReserve {
  /** The possible targets, in order. A plain model id is one target. */
  readonly targets: readonly ModelTarget[];
  /** The bodies of one client request. */
  readonly bodies: readonly Uint8Array[];
  /** Milliseconds until the deadline. Absent: no deadline. */
  readonly remainingMs?: number;
  /** Aborts if the client disconnects or the deadline passes. */
  readonly signal: AbortSignal;
}

/** Permission for one call. */
export interface Reservation {
  readonly allow: true;
  readonly settle?: Settle;
  /** What is left of each limit per minute. */
  readonly rates?: readonly Rate[];
  /** The cost of the call in US dollars, for the log; undefined if it is not known. */
  readonly cost?: (usage: Usage, outcome: CallOutcome) => number | undefined;
}

/** Requests permission for one call, once the call is known. */
export type Reserve = (call: CallToReserve) => Reservation | Denial | Promise<Reservation | Denial>;

/** A setting of Bedrock that an operator may leave to callers. */
export type ClientOption = 'guardrail' | 'trace' | 'service-tier' | 'latency' | 'metadata';

/** All settings of Bedrock that an operator may leave to callers. */
export const clientOptions = [
  'guardrail',
  'trace',
  'service-tier',
  'latency',
  'metadata',
] as const satisfies readonly ClientOption[];

/** The caller is admitted as `principal`, with these rights. */
export interface Admission {
  readonly allow: true;
  /** The identity for the log and for billing, never a token. `anonymous` if the policy does not identify callers. */
  readonly principal: string;
  /** The team of the caller, for the log and for limits. */
  readonly team?: string;
  /**
   * The caller's own limits. `limited` checks them, in place of its `each`. Without it, a call of this caller is refused with
   * `limits_unavailable`.
   */
  readonly limits?: readonly LimitRule[];
  /** Whether the caller may use a model. Absent: any model. `alias` is the requested name. `modelGlobs` creates this function. */
  readonly permitsModel?: (modelId: string, alias?: string) => boolean;
  /** Whether the caller may stream. Absent: yes. */
  readonly permitsStream?: boolean;
  /**
   * Bedrock settings for the calls of this caller. They replace the settings of the proxy; metadata is added to the proxy's. The metadata
   * value `$principal` stands for the principal.
   */
  readonly callOptions?: InvokeModelOptions;
  /** Exempts the caller from the guardrail of the proxy. */
  readonly guardrail?: 'exempt';
  /** The Bedrock settings that this caller may set. They replace those that the proxy leaves to all callers. */
  readonly clientMaySet?: readonly ClientOption[];
  /**
   * For each model id, the id that is called in its place, such as the ARN of an application inference profile. It applies last: aliases,
   * `permitsModel`, limits and the log know the id before.
   */
  readonly modelAliases?: Readonly<Record<string, string>>;
  /** Checks the limits that depend on the call. Runs after all other checks, just before the model is called. */
  readonly reserve?: Reserve;
  readonly settle?: Settle;
}

/** The caller is refused. `message` replaces the default message of the code. `reason` and `cause` are for the log only. */
export interface Denial {
  readonly allow: false;
  readonly code:
    | 'missing_token'
    | 'invalid_token'
    | 'ip_not_allowed'
    | 'auth_unavailable'
    | 'throttled'
    | 'quota_exceeded'
    | 'rate_limited'
    | 'budget_exceeded'
    | 'model_not_priced'
    | 'limits_unavailable';
  readonly message?: string;
  readonly retryAfterSeconds?: number;
  /** Why the token was refused. It is a fixed word, so that the log never holds a part of a token. */
  readonly reason?: DenialReason;
  /** The limit that was reached, for the log, such as `team.usdPerDay`. */
  readonly limit?: string;
  /** What is left of each limit per minute. */
  readonly rates?: readonly Rate[];
  readonly cause?: unknown;
  readonly settle?: Settle;
}

export type AccessDecision = Admission | Denial;

/** Admits or refuses a caller, before the body is read. If a policy throws, the code is `internal`, so a mistake admits no caller. */
export interface AccessPolicy {
  (request: AccessRequest): AccessDecision | Promise<AccessDecision>;
  /**
   * Whether callers at this address can be admitted. Optional. A front checks it before path, method and credential, and refuses with
   * `ip_not_allowed`. The policy itself still decides about all other callers.
   */
  readonly admitsSource?: (sourceIp: string | undefined) => boolean;
}
