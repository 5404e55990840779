import type { AccessPolicy } from './access-policy.js';
import { anonymous } from './allow-anonymous.js';
import { modelGlobs } from './model-globs.js';

/** Lets everyone in, but to models that match one of the patterns alone: with `allOf`, a ceiling on what other policies allow. */
export function modelAllowlist(patterns: readonly string[]): AccessPolicy {
  const permitsModel = modelGlobs(patterns);
  return () => ({ allow: true, principal: anonymous, permitsModel });
}
