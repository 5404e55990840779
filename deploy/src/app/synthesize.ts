import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { App, type Environment } from 'aws-cdk-lib';
import type { AppOptions, Front } from './app-options.ts';
import { ProxyStack, stackNames } from './proxy-stack.ts';

/** The folder for templates and assets. */
const defaultOutputFolder = fileURLToPath(new URL('../../cdk.out', import.meta.url));

/** What was written, and where. */
export interface Assembly {
  readonly folder: string;
  readonly templates: readonly string[];
}

/**
 * Puts the stacks of these fronts together. Writes no template yet.
 *
 * @param env account and Region; without them the templates suit any
 * @throws {import('../deployment-error.ts').DeploymentError} for options that cannot be deployed
 */
export function createApp(
  fronts: readonly Front[],
  options: AppOptions,
  env: Environment = {},
  folder: string = defaultOutputFolder,
): App {
  // What an earlier build left would only grow.
  if (folder === defaultOutputFolder) rmSync(folder, { recursive: true, force: true });
  const app = new App({ outdir: folder, analyticsReporting: false });
  for (const front of fronts) new ProxyStack(app, front, options, env);
  return app;
}

/**
 * Writes the templates of these fronts and the assets that they name, checked by CDK. Asks nobody, so that it works offline
 * and without credentials.
 */
export function synthesize(...[fronts, ...rest]: Parameters<typeof createApp>): Assembly {
  const { directory } = createApp(fronts, ...rest).synth();
  return { folder: directory, templates: fronts.map((front) => `${stackNames[front]}.template.json`) };
}
