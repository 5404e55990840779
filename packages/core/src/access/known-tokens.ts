import { hash, timingSafeEqual } from 'node:crypto';
import type { InvokeModelOptions } from '../ports/model-invoker.js';
import type { AccessDecision, AccessPolicy, AccessRequest, Admission } from './access-policy.js';
import { readGuardrail } from './bedrock-settings.js';
import type { DenialReason } from './denial-reason.js';
import { ipRanges } from './ip-allowlist.js';
import { modelGlobs } from './model-globs.js';
import { parseTokenRecords } from './parse-token-records.js';
import type { TokenRecord } from './token-record.js';

/**
 * Admits callers that present one of the tokens, with the rights of its record. Outside its `ips` or its period of validity, the code is
 * `invalid_token`. Each token is compared with all records, by hash and in constant time. Throws a `TypeError` that names the place of an
 * invalid value.
 */
export function bearerTokens(records: readonly TokenRecord[]): AccessPolicy {
  return knownTokens(parseTokenRecords(records)).judge;
}

interface AcceptedToken {
  readonly hash: Buffer;
  readonly admission: Admission;
  /** Why the token is not usable now from this address; undefined if it is. */
  refusal(sourceIp: string | undefined): DenialReason | undefined;
}

/** Accepted tokens. Only their hashes are kept. */
export interface KnownTokens {
  /** Admits the caller, or returns `missing_token` or `invalid_token`. Compares with all records, by hash and in constant time. */
  judge(request: AccessRequest): AccessDecision;
  /** Whether a token has a record, even if it is not usable now. */
  knows(token: string): boolean;
}

/** The tokens of valid records. */
export function knownTokens(records: readonly TokenRecord[]): KnownTokens {
  const accepted = records.map(acceptedToken);
  const matching = (token: string) => {
    const presented = hashToken(token);
    return accepted.filter(({ hash }) => isSameHash(hash, presented));
  };
  return {
    knows: (token) => matching(token).length > 0,
    judge({ token, sourceIp }) {
      if (token === undefined) return { allow: false, code: 'missing_token' };
      const found = matching(token).map(({ admission, refusal }) => ({ admission, reason: refusal(sourceIp) }));
      const usable = found.find(({ reason }) => reason === undefined);
      return usable?.admission ?? { allow: false, code: 'invalid_token', reason: found[0]?.reason ?? 'unknown' };
    },
  };
}

function acceptedToken(record: TokenRecord): AcceptedToken {
  const { id, token, sha256 = '', models, ips, stream, notBefore, expiresAt, disabled = false, ...settings } = record;
  const from = instantOf(notBefore) ?? -Infinity;
  const until = instantOf(expiresAt) ?? Infinity;
  const isWithin = ips && ipRanges(ips);
  return {
    hash: token === undefined ? Buffer.from(sha256, 'hex') : hashToken(token),
    admission: {
      allow: true,
      principal: id,
      ...(models && { permitsModel: modelGlobs(models) }),
      ...(stream !== undefined && { permitsStream: stream }),
      ...(settings.team !== undefined && { team: settings.team }),
      ...(settings.limits && { limits: [settings.limits].flat() }),
      ...bedrockSettings(settings),
    },
    refusal(sourceIp) {
      const now = Date.now();
      if (disabled) return 'disabled';
      if (now < from) return 'not_yet_valid';
      if (now >= until) return 'expired';
      return isWithin?.(sourceIp) === false ? 'address' : undefined;
    },
  };
}

/** The rights of a record over Bedrock's own settings. */
function bedrockSettings({
  guardrail,
  serviceTier,
  latency,
  metadata,
  modelAliases,
  clientOptions,
}: Omit<TokenRecord, 'id'>): Partial<Admission> {
  const pinned = guardrail ? readGuardrail(guardrail) : undefined;
  const callOptions: InvokeModelOptions = {
    ...(pinned && { guardrail: pinned }),
    ...(serviceTier && { serviceTier }),
    ...(latency && { performanceLatency: latency }),
    ...(metadata && { requestMetadata: metadata }),
  };
  return {
    ...(Object.keys(callOptions).length > 0 && { callOptions }),
    ...(guardrail === false && { guardrail: 'exempt' }),
    ...(modelAliases && { modelAliases }),
    ...(clientOptions && { clientMaySet: clientOptions }),
  };
}

/** A time without a zone is UTC. */
function instantOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return Date.parse(/T.*(?:Z|[+-]\d\d:\d\d)$|^[^T]+$/.test(text) ? text : `${text}Z`);
}

/** The SHA-256 of a token. */
function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** Compares two hashes in constant time. */
function isSameHash(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
