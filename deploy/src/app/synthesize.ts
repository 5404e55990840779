import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { App, type Environment } from 'aws-cdk-lib';
import type { AppOptions, Front } from './app-options.ts';
import { ProxyStack, stackNames } from './proxy-stack.ts';

/** Where templates and assets are written. */
export const defaultOutputFolder = fileURLToPath(new URL('../../cdk.out', import.meta.url));

/** What was written, and where. */
export interface Assembly {
  readonly folder: string;
  readonly templates: readonly string[];
}

/**
 * Writes the templates of these fronts and the assets that they name. Asks nobody, so that it works offline and without
 * credentials.
 *
 * @param env account and Region; without them the templates suit any
 */
export function synthesize(
  fronts: readonly Front[],
  options: AppOptions,
  env: Environment = {},
  folder: string = defaultOutputFolder,
): Assembly {
  // What an earlier build left would only grow.
  if (folder === defaultOutputFolder) rmSync(folder, { recursive: true, force: true });
  const app = new App({ outdir: folder, analyticsReporting: false });
  for (const front of fronts) new ProxyStack(app, front, options, env);
  const { directory } = app.synth();
  return { folder: directory, templates: fronts.map((front) => `${stackNames[front]}.template.json`) };
}
