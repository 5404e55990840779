/**
 * Why a token was refused, for the log only. In this order, a later reason tells more: `unknown` and `malformed` may only mean that the
 * token belongs to another policy.
 */
export const denialReasons = [
  'malformed',
  'unknown',
  'algorithm',
  'key',
  'signature',
  'issuer',
  'claims',
  'audience',
  'disabled',
  'expired',
  'not_yet_valid',
  'address',
] as const;

export type DenialReason = (typeof denialReasons)[number];
