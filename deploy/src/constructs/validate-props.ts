import { type Duration, Token } from 'aws-cdk-lib';
import { DeploymentError } from '../deployment-error.ts';
import { isRegionName } from '../is-region-name.ts';
import type { CommonProxyProps, ProxyProps } from './proxy-props.ts';

const minSeconds = 5;
const maxSeconds = 900;
const supportedRuntime = /^nodejs(?:2[2-9]|[3-9]\d)\.x$/;

/**
 * Checks the props before AWS or the function does, because these errors are clearer.
 *
 * @throws {DeploymentError} if a prop is invalid
 */
export function validateProps(props: ProxyProps): void {
  validateCommonProps(props);
  const { runtime, memorySize, reservedConcurrency } = props;
  if (runtime !== undefined && !supportedRuntime.test(runtime.name)) {
    throw new DeploymentError(`runtime must be nodejs22.x or newer, not ${runtime.name}.`);
  }
  if (memorySize !== undefined) validateInteger('memorySize', memorySize, 128, 10_240, 'megabytes');
  if (reservedConcurrency !== undefined)
    validateInteger('reservedConcurrency', reservedConcurrency, 0, 100_000, 'requests');
}

/** The same for the props of every kind of function. */
export function validateCommonProps({ timeout, corsOrigins, bedrockRegion }: CommonProxyProps): void {
  if (timeout !== undefined) validateTimeout(timeout);
  if (corsOrigins !== undefined && typeof corsOrigins !== 'string') validateOrigins(corsOrigins);
  if (bedrockRegion !== undefined && !Token.isUnresolved(bedrockRegion) && !isRegionName(bedrockRegion)) {
    throw new DeploymentError(`bedrockRegion must be a Region such as eu-west-1, not "${bedrockRegion}".`);
  }
}

export function validateInteger(name: string, value: number, min: number, max: number, unit: string): void {
  if (Token.isUnresolved(value) || (Number.isInteger(value) && value >= min && value <= max)) return;
  throw new DeploymentError(`${name} must be a whole number from ${min} to ${max} ${unit}, not ${value}.`);
}

function validateTimeout(timeout: Duration): void {
  if (timeout.isUnresolved()) return;
  const seconds = timeout.toMilliseconds() / 1_000;
  if (Number.isInteger(seconds) && seconds >= minSeconds && seconds <= maxSeconds) return;
  throw new DeploymentError(
    `timeout must be a whole number from ${minSeconds} to ${maxSeconds} seconds, not ${seconds}.`,
  );
}

function validateOrigins(origins: readonly string[]): void {
  if (origins.length === 0) throw new DeploymentError("corsOrigins must not be empty: list origins or use 'off'.");
  const wrong = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (wrong === undefined) return;
  throw new DeploymentError(
    `corsOrigins must list origins such as https://app.example.com, without a path, not "${wrong}".`,
  );
}
