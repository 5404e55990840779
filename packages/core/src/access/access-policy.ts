import type { Usage } from '../models/model-event.js';

/** What a policy may judge by. `token` is the credential as it was presented, `sourceIp` the address that the front saw. */
export interface AccessRequest {
  readonly requestId: string;
  readonly token?: string;
  readonly sourceIp?: string;
}

/** Runs exactly once for each decision, on every way out, with the counts that are known by then. */
export type Settle = (usage: Usage) => void | Promise<void>;

/** In, as `principal`, with the rights that the request has. */
export interface Admission {
  readonly allow: true;
  /** Who is billed and logged; never a token. `anonymous` where a policy restricts without knowing anybody. */
  readonly principal: string;
  /** Whether the caller may use the model; absent: any. `modelGlobs` makes one of patterns. */
  readonly permitsModel?: (modelId: string) => boolean;
  /** Whether the caller may stream; absent: yes. */
  readonly permitsStream?: boolean;
  readonly settle?: Settle;
}

/** Out. `message` is shown to the client in place of the code's own sentence; `cause` is for the log alone. */
export interface Denial {
  readonly allow: false;
  readonly code:
    | 'missing_token'
    | 'invalid_token'
    | 'ip_not_allowed'
    | 'auth_unavailable'
    | 'throttled'
    | 'quota_exceeded';
  readonly message?: string;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
  readonly settle?: Settle;
}

export type AccessDecision = Admission | Denial;

/** Decides who comes in, before the body is read. A policy that throws is answered `internal`: nobody comes in by a mistake. */
export interface AccessPolicy {
  (request: AccessRequest): AccessDecision | Promise<AccessDecision>;
  /**
   * Whether callers at this address can come in at all. Optional: a front asks it before it looks at path, method and credential,
   * and refuses with `ip_not_allowed`; the policy itself still judges everyone who gets past.
   */
  readonly admitsSource?: (sourceIp: string | undefined) => boolean;
}
