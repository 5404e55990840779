import type { CallMeta, InvokeModelOptions, ModelTarget, Usage } from '../ports/model-invoker.js';

/** The facts that a policy may decide by. `token` is the credential as it was presented, `sourceIp` the address that the front saw. */
export interface AccessRequest {
  readonly requestId: string;
  readonly token?: string;
  readonly sourceIp?: string;
}

/** How the call of an admitted request went. */
export interface CallOutcome {
  /** Whether the model accepted a call. */
  readonly accepted: boolean;
  readonly served?: CallMeta['served'];
  readonly failed?: CallMeta['failed'];
  /** Characters of text and reasoning that a stream brought. */
  readonly textLength: number;
}

/** Runs exactly once for each decision or reservation, on every way out, with the counts that are known by then. */
export type Settle = (usage: Usage, outcome: CallOutcome) => void | Promise<void>;

/** A call that is about to be made. */
export interface CallToReserve {
  /** Where it may go, in order; a plain model id is one target. */
  readonly targets: readonly ModelTarget[];
  /** The bodies of one client request. */
  readonly bodies: readonly Uint8Array[];
  /** Milliseconds until the answer must be over; absent: no limit. */
  readonly remainingMs?: number;
  /** Aborts when the client leaves or the deadline passes. */
  readonly signal: AbortSignal;
}

/** Permission for one call. */
export interface Reservation {
  readonly allow: true;
  readonly settle?: Settle;
  /** What is left of the limits per minute. */
  readonly rates?: readonly {
    readonly of: 'requests' | 'tokens';
    readonly limit: number;
    readonly remaining: number;
    readonly resetMs: number;
  }[];
}

/** Asks for permission for one call, once the call is known. */
export type Reserve = (call: CallToReserve) => Reservation | Denial | Promise<Reservation | Denial>;

/** A setting of Bedrock that an operator may leave to callers. */
export type ClientOption = (typeof clientOptions)[number];

/** Every setting of Bedrock that an operator may leave to callers. */
export const clientOptions = ['guardrail', 'trace', 'service-tier', 'latency', 'metadata'] as const;

/** The caller is in, as `principal`, with these rights. */
export interface Admission {
  readonly allow: true;
  /** Who is billed and logged; never a token. `anonymous` if a policy restricts callers without knowing them. */
  readonly principal: string;
  /** Whether the caller may use the model; absent: any. `alias` is the name by which it was asked for. `modelGlobs` makes one of patterns. */
  readonly permitsModel?: (modelId: string, alias?: string) => boolean;
  /** Whether the caller may stream; absent: yes. */
  readonly permitsStream?: boolean;
  /** Settings of Bedrock for this caller's calls. They replace the proxy's own. */
  readonly callOptions?: InvokeModelOptions;
  /** Exempts the caller from the proxy's guardrail. */
  readonly guardrail?: 'exempt';
  /** Settings of Bedrock that this caller may set itself, in place of those that the proxy leaves to everyone. */
  readonly clientMaySet?: readonly ClientOption[];
  /** Limits that depend on the call. Runs after every other check, just before the model is called. */
  readonly reserve?: Reserve;
  readonly settle?: Settle;
}

/** The caller is refused. The client sees `message` in place of the code's own sentence; `cause` is for the log only. */
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
  readonly cause?: unknown;
  readonly settle?: Settle;
}

export type AccessDecision = Admission | Denial;

/** Decides who may call, before the body is read. If a policy throws, the answer is `internal`: a mistake admits nobody. */
export interface AccessPolicy {
  (request: AccessRequest): AccessDecision | Promise<AccessDecision>;
  /**
   * Whether callers at this address can be admitted at all. Optional: a front asks it before it looks at path, method and credential,
   * and refuses with `ip_not_allowed`. The policy itself still decides about every other caller.
   */
  readonly admitsSource?: (sourceIp: string | undefined) => boolean;
}
