import type { InvokeModelOptions } from '../ports/model-invoker.js';
import type { ClientOption } from './access-policy.js';
import type { LimitRule } from './limit-rule.js';

/** One accepted token, either as `token` or as `sha256`. For a rotation, two records with the same id overlap in time. */
export interface TokenRecord {
  /** The owner of the token. The log has it as the principal. */
  readonly id: string;
  /** At least 8 characters: printable ASCII without spaces and commas. */
  readonly token?: string | undefined;
  /** The SHA-256 of the token, as 64 hex digits. */
  readonly sha256?: string | undefined;
  /** Globs in the format of `modelGlobs`. Absent: all models. `[]`: no model. */
  readonly models?: readonly string[] | undefined;
  /** CIDRs from which the token is accepted. Absent: any address. */
  readonly ips?: readonly string[] | undefined;
  /** Whether the caller may stream. Absent: yes. */
  readonly stream?: boolean | undefined;
  /** ISO 8601 time from which the token is accepted. A time without a zone is UTC. A date means its start. */
  readonly notBefore?: string | undefined;
  /** ISO 8601 time from which the token is no longer accepted. */
  readonly expiresAt?: string | undefined;
  readonly disabled?: boolean | undefined;
  /** `<id or ARN>:<version or DRAFT>`: the guardrail of this caller, in place of the proxy's; `false` exempts it. */
  readonly guardrail?: string | false | undefined;
  readonly serviceTier?: InvokeModelOptions['serviceTier'] | undefined;
  readonly latency?: InvokeModelOptions['performanceLatency'] | undefined;
  /** Request metadata for Bedrock's logs, beside the proxy's own; the value `$principal` stands for `id`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** For each model id, the ARN of an application inference profile that is called in its place: costs are then billed to its tags. */
  readonly modelAliases?: Readonly<Record<string, string>> | undefined;
  /** Settings of Bedrock that this caller may set itself, in place of those that the proxy leaves to everyone. */
  readonly clientOptions?: readonly ClientOption[] | undefined;
  /** The team of the owner, for the log and for limits of teams. */
  readonly team?: string | undefined;
  /** The owner's own limits, in place of those for each caller. `[]`: none. */
  readonly limits?: LimitRule | readonly LimitRule[] | undefined;
}
