/** An error that the user can fix. Commands print its message without a stack. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}
