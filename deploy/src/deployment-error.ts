/** What stands in the way of a deployment, as one sentence for the person at the keyboard. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}
