import type { AccessPolicy } from './access-policy.js';
import { anonymous } from './allow-anonymous.js';
import { ipRanges } from './ip-ranges.js';

/**
 * Lets in who calls from one of the ranges (CIDRs of IPv4 and IPv6), judged by the address that the front saw, never by a header.
 * It knows nobody: join it to a policy that does with `allOf`. Throws a `TypeError` for a range that is none.
 */
export function ipAllowlist(ranges: readonly string[]): AccessPolicy {
  const admitsSource = ipRanges(ranges);
  const policy: AccessPolicy = ({ sourceIp }) =>
    admitsSource(sourceIp) ? { allow: true, principal: anonymous } : { allow: false, code: 'ip_not_allowed' };
  return Object.assign(policy, { admitsSource });
}
