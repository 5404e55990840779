/** Why a token was refused, for the log only. */
export type DenialReason =
  | 'malformed'
  | 'unknown'
  | 'algorithm'
  | 'key'
  | 'signature'
  | 'issuer'
  | 'claims'
  | 'audience'
  | 'disabled'
  | 'expired'
  | 'not_yet_valid'
  | 'address';

/** How much each reason tells. `unknown` and `malformed` may only mean that the token belongs to another policy. */
export const reasonRanks: Readonly<Record<DenialReason, number>> = {
  malformed: 0,
  unknown: 1,
  algorithm: 2,
  key: 3,
  signature: 4,
  issuer: 5,
  claims: 6,
  audience: 7,
  disabled: 8,
  expired: 9,
  not_yet_valid: 10,
  address: 11,
};
