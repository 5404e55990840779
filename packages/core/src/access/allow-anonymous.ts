import type { AccessPolicy } from './access-policy.js';

/** The principal of a caller that nobody knows. */
export const anonymous = 'anonymous';

/** Lets everyone in, with every right. For private networks and local work: whoever reaches the URL can spend your money. */
export function allowAnonymous(): AccessPolicy {
  return () => ({ allow: true, principal: anonymous });
}
