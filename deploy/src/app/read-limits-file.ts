import { readFileSync } from 'node:fs';
import type { LimitSettings } from '@bedrock-proxy/core/limits';
import { DeploymentError } from '../deployment-error.ts';

const members = ['everyone', 'each', 'teams'];

/**
 * Reads the limits in a JSON file, which has the form of the variable `LIMITS`. The rules are checked with the other props.
 *
 * @throws {DeploymentError} if the file cannot be read, or holds no limits
 */
export function readLimitsFile(file: string): LimitSettings {
  const settings = readJson(file);
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new DeploymentError(`--limits: ${file} must hold an object: {"everyone": …, "each": …, "teams": …}.`);
  }
  const unknown = Object.keys(settings).find((name) => !members.includes(name));
  if (unknown !== undefined) {
    throw new DeploymentError(`--limits: ${file} has "${unknown}", which is none of ${members.join(', ')}.`);
  }
  return settings;
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new DeploymentError(`--limits: ${file} cannot be read.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new DeploymentError(`--limits: ${file} is not valid JSON.`);
  }
}
