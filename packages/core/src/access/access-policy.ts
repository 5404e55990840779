import type { Usage } from '../models/model-event.js';

/** What a policy may judge by. `token` is the credential as it was presented, `sourceIp` the address that the front saw. */
export interface AccessRequest {
  readonly requestId: string;
  readonly token?: string;
  readonly sourceIp?: string;
}

/** In, as `principal`, with the rights that the request has. */
export interface Admission {
  readonly allow: true;
  /** Who is billed and logged; never a token. */
  readonly principal: string;
  /** Whether the caller may use the model; absent: any. `modelGlobs` makes one of patterns. */
  readonly permitsModel?: (modelId: string) => boolean;
  /** Whether the caller may stream; absent: yes. */
  readonly permitsStream?: boolean;
  /** Runs exactly once, on every way out, with the counts that are known by then. */
  readonly settle?: (usage: Usage) => void | Promise<void>;
}

/** Out. `message` is shown to the client in place of the code's own sentence. */
export interface Denial {
  readonly allow: false;
  readonly code: 'missing_token' | 'invalid_token' | 'ip_not_allowed' | 'auth_unavailable' | 'throttled' | 'quota_exceeded';
  readonly message?: string;
  readonly retryAfterSeconds?: number;
}

export type AccessDecision = Admission | Denial;

/** Decides who comes in, before the body is read. A policy that throws is answered `internal`: nobody comes in by a mistake. */
export type AccessPolicy = (request: AccessRequest) => AccessDecision | Promise<AccessDecision>;
