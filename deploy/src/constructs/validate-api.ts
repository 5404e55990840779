import { DeploymentError } from '../deployment-error.ts';

/** Paths that the function does not answer as the native dialect. */
const keptByFunction = ['v1', 'model', 'health'];

/**
 * Refuses an API that could not be made, or whose path the function would not answer.
 *
 * @throws {DeploymentError} in one sentence
 */
export function judgeApi(responseMode: string, stageName: string, resourceName: string): void {
  if (responseMode !== 'stream' && responseMode !== 'buffered') {
    throw new DeploymentError(`responseMode is "${responseMode}": give stream or buffered.`);
  }
  if (!/^[\w-]{1,128}$/.test(stageName)) {
    throw new DeploymentError(`stageName is "${stageName}": give letters, digits, - and _.`);
  }
  if (!/^[\w.-]+$/.test(resourceName)) {
    throw new DeploymentError(`resourceName is "${resourceName}": give letters, digits, ., - and _.`);
  }
  if (keptByFunction.includes(resourceName)) {
    throw new DeploymentError(
      `resourceName is "${resourceName}", which the function keeps for itself: give another one, such as bedrock.`,
    );
  }
}
