import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { App, type Environment } from 'aws-cdk-lib';
import { type AppOptions, fronts as allFronts, type Front } from './app-options.ts';
import { ProxyStack, stackName } from './proxy-stack.ts';

/** The folder for templates and assets. */
const defaultOutputFolder = fileURLToPath(new URL('../../cdk.out', import.meta.url));

/** The folder that was written and the file names of the templates in it. */
export interface Assembly {
  readonly folder: string;
  readonly templates: readonly string[];
}

/**
 * Creates a CDK app with one stack for each endpoint. It writes no template.
 *
 * @param env account and Region; if absent, the templates work in any account and Region
 * @throws {import('../deployment-error.ts').DeploymentError} if the options cannot be deployed
 */
export function createApp(
  fronts: readonly Front[],
  options: AppOptions,
  env: Environment = {},
  folder: string = defaultOutputFolder,
): App {
  // CDK never deletes assets of earlier builds. The templates of other endpoints stay.
  if (folder === defaultOutputFolder && fronts.length === allFronts.length)
    rmSync(folder, { recursive: true, force: true });
  const app = new App({ outdir: folder, analyticsReporting: false });
  for (const front of fronts) new ProxyStack(app, front, options, env);
  return app;
}

/**
 * Writes the templates of these endpoints and their assets, and lets CDK validate them. It works offline and without
 * credentials.
 */
export function synthesize(...[fronts, options, ...rest]: Parameters<typeof createApp>): Assembly {
  const { directory } = createApp(fronts, options, ...rest).synth();
  return { folder: directory, templates: fronts.map((front) => `${stackName(front, options.name)}.template.json`) };
}
