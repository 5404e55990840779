import type { AccessPolicy } from './access-policy.js';
import { anonymous } from './allow-anonymous.js';

// Only these ARNs end with a model name. Other ARNs end with an opaque id. The name is one segment: of two segments, the last one alone
// does not tell which model is meant.
const namingArn = /^arn:[^:/]+:bedrock:[^:/]*:[^:/]*:(?:foundation-model|inference-profile)\/([^/]+)$/u;

/**
 * Returns a function that checks whether a model id matches one of the patterns. `*` matches any characters, `?` matches one character,
 * and all other characters match themselves. The whole id must match as it was sent. ARNs of foundation models and inference profiles
 * also match by the part after their `/`, if it is the only one. `@name` permits each model that is asked for by the alias of that name,
 * and matches no id.
 */
export function modelGlobs(patterns: readonly string[]): (modelId: string, alias?: string) => boolean {
  const globs = patterns.filter((pattern) => !pattern.startsWith('@')).map((pattern) => [...pattern]);
  return (modelId, alias) => {
    if (alias !== undefined && patterns.includes(`@${alias}`)) return true;
    const names = [modelId, ...(namingArn.exec(modelId)?.slice(1) ?? [])].map((name) => [...name]);
    return globs.some((glob) => names.some((name) => matchesGlob(glob, name)));
  };
}

/** Backtracks only to the last `*`, so the time is at most the product of both lengths. */
function matchesGlob(glob: readonly string[], name: readonly string[]): boolean {
  let inGlob = 0;
  let star = -1;
  let afterStar = 0;
  for (let inName = 0; inName < name.length; inName++) {
    if (glob[inGlob] === '*') {
      star = inGlob++;
      afterStar = inName--;
    } else if (glob[inGlob] === '?' || glob[inGlob] === name[inName]) {
      inGlob++;
    } else if (star !== -1) {
      inGlob = star + 1;
      inName = afterStar++;
    } else {
      return false;
    }
  }
  while (glob[inGlob] === '*') inGlob++;
  return inGlob === glob.length;
}

/** Admits any caller, but only to models that match one of the patterns. With `allOf`, it restricts the models of other policies. */
export function modelAllowlist(patterns: readonly string[]): AccessPolicy {
  const permitsModel = modelGlobs(patterns);
  return () => ({ allow: true, principal: anonymous, permitsModel });
}
