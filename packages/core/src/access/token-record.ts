import type { ClientOption } from './access-policy.js';

/** One token that is accepted: itself, or the SHA-256 of it. Two records that overlap in time are a rotation. */
export interface TokenRecord {
  /** Who the token belongs to; logged as the principal. */
  readonly id: string;
  readonly token?: string | undefined;
  /** 64 hex digits. */
  readonly sha256?: string | undefined;
  /** Globs, as `modelGlobs` reads them; absent: every model, `[]`: none. */
  readonly models?: readonly string[] | undefined;
  /** CIDRs that it may be used from; absent: anywhere. */
  readonly ips?: readonly string[] | undefined;
  /** Whether it may stream; absent: yes. */
  readonly stream?: boolean | undefined;
  /** ISO 8601, the first moment at which it is accepted. A time without a zone is UTC; a date is its first moment. */
  readonly notBefore?: string | undefined;
  /** ISO 8601, the first moment at which it is accepted no more. */
  readonly expiresAt?: string | undefined;
  readonly disabled?: boolean | undefined;
  /** `<id or ARN>:<version or DRAFT>`: the guardrail of this caller, in place of the proxy's; `false` exempts it. */
  readonly guardrail?: string | false | undefined;
  /** Settings of Bedrock that this caller may set itself, in place of those that the proxy leaves to everyone. */
  readonly clientOptions?: readonly ClientOption[] | undefined;
}
