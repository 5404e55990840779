import { DeploymentError } from '../deployment-error.ts';

/** First path segments that the function uses for other purposes. */
const reservedSegments = ['v1', 'model', 'health'];

/**
 * Checks the props of a REST API.
 *
 * @throws {DeploymentError} if API Gateway or the function would refuse them
 */
export function validateApi(responseMode: string, stageName: string, resourceName: string): void {
  if (responseMode !== 'stream' && responseMode !== 'buffered') {
    throw new DeploymentError(`responseMode must be stream or buffered, not "${responseMode}".`);
  }
  if (!/^[\w-]{1,128}$/.test(stageName)) {
    throw new DeploymentError(`stageName must be 1 to 128 letters, digits, - or _, not "${stageName}".`);
  }
  if (!/^[\w.-]+$/.test(resourceName)) {
    throw new DeploymentError(`resourceName must be letters, digits, ., - or _, not "${resourceName}".`);
  }
  if (reservedSegments.includes(resourceName)) {
    throw new DeploymentError(`resourceName must not be "${resourceName}": the function reserves that path.`);
  }
}
