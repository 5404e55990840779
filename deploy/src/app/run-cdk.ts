import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Target, TargetOptions } from './find-target.ts';

/**
 * Runs the CDK CLI. It reads from and writes to this process's terminal.
 *
 * @returns the exit code of the CLI
 */
export async function runCdk(args: readonly string[], target: Target, { profile }: TargetOptions): Promise<number> {
  const cdk = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk');
  const child = spawn(process.execPath, [cdk, ...args, ...(profile === undefined ? [] : ['--profile', profile])], {
    stdio: 'inherit',
    env: { ...process.env, AWS_REGION: target.region, CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
  const [code] = await once(child, 'close');
  return typeof code === 'number' ? code : 1;
}
