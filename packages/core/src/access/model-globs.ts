import type { AccessPolicy } from './access-policy.js';
import { anonymous } from './allow-anonymous.js';

// The models' own names stand last in these ARNs; in any other ARN that place holds an id that says nothing.
const namingArn = /^arn:[^:/]+:bedrock:[^:/]*:[^:/]*:(?:foundation-model|inference-profile)\/(?:.*\/)?([^/]+)$/su;

/**
 * Whether a model id matches one of the patterns: `*` stands for any run of characters, `?` for one, all else for itself. The whole id
 * has to match, as it was sent; ARNs of foundation models and inference profiles also by what follows their last `/`. `@name` permits
 * each model that is asked for by the alias of that name, and matches no id.
 */
export function modelGlobs(patterns: readonly string[]): (modelId: string, alias?: string) => boolean {
  const globs = patterns.filter((pattern) => !pattern.startsWith('@')).map((pattern) => [...pattern]);
  return (modelId, alias) => {
    if (alias !== undefined && patterns.includes(`@${alias}`)) return true;
    const names = [modelId, ...(namingArn.exec(modelId)?.slice(1) ?? [])].map((name) => [...name]);
    return globs.some((glob) => names.some((name) => matchesGlob(glob, name)));
  };
}

/** Never goes back further than to the last `*`, so that the time is at most one product of both lengths. */
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

/** Lets everyone in, but to models that match one of the patterns alone: with `allOf`, a ceiling on what other policies allow. */
export function modelAllowlist(patterns: readonly string[]): AccessPolicy {
  const permitsModel = modelGlobs(patterns);
  return () => ({ allow: true, principal: anonymous, permitsModel });
}
