import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';

/**
 * Returns a sentence if the AWS profile that is asked for is in neither file of the AWS CLI. The AWS SDK reports only that it found no
 * credentials, or uses those of the machine. Works before dependencies are installed.
 *
 * @param {string} [option] the profile of `--profile`, which replaces AWS_PROFILE
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {string | undefined} undefined if no profile is asked for, or it exists
 */
export function describeUnknownProfile(option, environment = process.env) {
  const profile = option || environment.AWS_PROFILE;
  if (!profile || profile === 'default') return undefined;
  const names = new Set([
    ...sections(environment.AWS_CONFIG_FILE ?? '~/.aws/config', /^\s*\[\s*profile\s+(["']?)([^\]]+?)\1\s*\]/gm),
    ...sections(environment.AWS_SHARED_CREDENTIALS_FILE ?? '~/.aws/credentials', /^\s*\[\s*()([^\]]+?)\s*\]/gm),
  ]);
  if (names.has(profile)) return undefined;
  const where = option ? '--profile' : 'AWS_PROFILE';
  const known = names.size > 0 ? [...names].join(', ') : 'none';
  return `There is no AWS profile "${profile}" (known: ${known}): correct ${where}, or run aws configure --profile ${profile}.`;
}

/**
 * @param {string} path
 * @param {RegExp} heading its second group is the name of a profile
 */
function sections(path, heading) {
  try {
    const text = readFileSync(path.replace(/^~(?=\/)/, homedir()), 'utf8');
    return [...text.matchAll(heading)].map(([, , name = '']) => name);
  } catch {
    return [];
  }
}
