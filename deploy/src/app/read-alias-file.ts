import { readFileSync } from 'node:fs';
import type { ModelAliases } from '@bedrock-proxy/core/routing';
import { DeploymentError } from '../deployment-error.ts';

/**
 * Reads the JSON file of `--aliases`. The aliases themselves are checked with the other props.
 *
 * @throws {DeploymentError} if the file cannot be read, or is no JSON object
 */
export function readAliasFile(path: string): ModelAliases {
  const aliases = parse(path, read(path));
  if (typeof aliases === 'object' && aliases !== null && !Array.isArray(aliases)) return aliases as ModelAliases;
  throw new DeploymentError(`--aliases: ${path} must hold a JSON object: {"name": "model id"}.`);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new DeploymentError(`--aliases: ${path} cannot be read (${code}).`);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DeploymentError(
      `--aliases: ${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
