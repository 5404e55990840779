import { type Duration, Token } from 'aws-cdk-lib';
import { DeploymentError } from '../deployment-error.ts';
import { isRegionName } from '../is-region-name.ts';
import type { ProxyProps } from './proxy-props.ts';

const leastSeconds = 5;
const mostSeconds = 900;
const supportedRuntime = /^nodejs(?:2[2-9]|[3-9]\d)\.x$/;

/**
 * Refuses what AWS or the function itself would refuse later and less clearly.
 *
 * @throws {DeploymentError} in one sentence
 */
export function judgeProps(props: ProxyProps): void {
  const { runtime, memorySize, timeout, reservedConcurrency, corsOrigins, bedrockRegion } = props;
  if (runtime !== undefined && !supportedRuntime.test(runtime.name)) {
    throw new DeploymentError(`runtime is ${runtime.name}: give nodejs22.x or a newer one.`);
  }
  if (memorySize !== undefined) judgeWhole('memorySize', memorySize, 128, 10_240, 'megabytes');
  if (timeout !== undefined) judgeTimeout(timeout);
  if (reservedConcurrency !== undefined) judgeWhole('reservedConcurrency', reservedConcurrency, 0, 100_000, 'requests');
  if (corsOrigins !== undefined && typeof corsOrigins !== 'string') judgeOrigins(corsOrigins);
  if (bedrockRegion !== undefined && !Token.isUnresolved(bedrockRegion) && !isRegionName(bedrockRegion)) {
    throw new DeploymentError(`bedrockRegion is "${bedrockRegion}": give a Region such as eu-west-1.`);
  }
}

function judgeWhole(name: string, value: number, least: number, most: number, unit: string): void {
  if (Token.isUnresolved(value) || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw new DeploymentError(`${name} is ${value}: give ${least} to ${most} ${unit}.`);
}

function judgeTimeout(timeout: Duration): void {
  if (timeout.isUnresolved()) return;
  const seconds = timeout.toMilliseconds() / 1_000;
  if (Number.isInteger(seconds) && seconds >= leastSeconds && seconds <= mostSeconds) return;
  throw new DeploymentError(`timeout is ${seconds} seconds: give ${leastSeconds} to ${mostSeconds}, whole.`);
}

function judgeOrigins(origins: readonly string[]): void {
  if (origins.length === 0) throw new DeploymentError("corsOrigins names no origin: give some, or 'off'.");
  const wrong = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (wrong === undefined) return;
  throw new DeploymentError(
    `corsOrigins holds "${wrong}": give origins such as https://app.example.com, without a path.`,
  );
}
