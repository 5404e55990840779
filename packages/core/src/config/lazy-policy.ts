import type { AccessPolicy } from '../access/access-policy.js';

/** A policy that is loaded for the first request with a token. A request without a token is refused without loading it. */
export function lazyPolicy(load: () => Promise<AccessPolicy>): AccessPolicy {
  let loading: Promise<AccessPolicy> | undefined;
  return async (request) => {
    if (request.token === undefined) return { allow: false, code: 'missing_token' };
    loading ??= load();
    return (await loading)(request);
  };
}
