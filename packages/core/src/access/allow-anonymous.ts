import type { AccessPolicy } from './access-policy.js';

/** The principal of a caller that no policy identifies. */
export const anonymous = 'anonymous';

/** Admits any caller with all rights. Use it only in private networks or for local work: anyone who can reach the URL causes costs. */
export function allowAnonymous(): AccessPolicy {
  return () => ({ allow: true, principal: anonymous });
}
