import type { AccessPolicy } from '../access/access-policy.js';

/** A policy whose code is loaded by the first request that presents a token; without one there is nothing to judge. */
export function lazyPolicy(load: () => Promise<AccessPolicy>): AccessPolicy {
  let loading: Promise<AccessPolicy> | undefined;
  return async (request) => {
    if (request.token === undefined) return { allow: false, code: 'missing_token' };
    loading ??= load();
    return (await loading)(request);
  };
}
