import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Metafile } from '../bundles/bundle-contents.ts';

/** The file in each bundle, and so in each zip, that holds the licenses of the npm packages whose code the bundle contains. */
export const licensesFile = 'THIRD-PARTY-LICENSES';

/** Packages that are published without their license, each with a package of the same repository that has it. */
const licenseElsewhere: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-http': '@aws-sdk/core',
};

interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly repository: string | undefined;
  readonly text: string | undefined;
}

/**
 * The text of the licenses file: name, version, license and license text of each npm package with code in the outputs of esbuild.
 * `workingDirectory` is the folder that the paths of the inputs are relative to. Throws for a package without a license text.
 */
export function thirdPartyLicenses({ outputs }: Metafile, workingDirectory: string): string {
  const packages = packageFolders(outputs)
    .map((folder) => readPackage(resolve(workingDirectory, folder)))
    .sort((one, other) => compare(one.name, other.name) || compare(one.version, other.version));
  const sections = packages.map((bundled) => {
    const { name, version, license } = bundled;
    return [rule, `${name} ${version}`, `License: ${license}`, rule, '', textOf(bundled, packages), ''].join('\n');
  });
  return `The code in this folder contains code of these npm packages.\n\n${sections.join('\n')}`;
}

const rule = '='.repeat(80);

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** The folders of the packages. pnpm nests packages, so the last one on a path counts. An input without code left is no part of a bundle. */
function packageFolders(outputs: Metafile['outputs']): readonly string[] {
  const inputs = Object.entries(outputs).flatMap(([path, output]) =>
    path.endsWith('.mjs') ? Object.entries(output.inputs) : [],
  );
  const folders = inputs.flatMap(([input, { bytesInOutput }]) => {
    const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
    return bytesInOutput > 0 && folder !== undefined ? [folder] : [];
  });
  return [...new Set(folders)];
}

function readPackage(folder: string): BundledPackage {
  const manifest: {
    readonly name: string;
    readonly version: string;
    readonly license?: unknown;
    readonly repository?: string | { readonly url?: string };
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name, version, license, repository } = manifest;
  if (typeof license !== 'string' || license === '') throw new Error(`${name} ${version} names no license`);
  return {
    ...{ name, version, license },
    repository: typeof repository === 'object' ? repository.url : repository,
    text: licenseText(folder),
  };
}

/** The license, and the notice that some licenses require to pass on. */
function licenseText(folder: string): string | undefined {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const read = (form: RegExp) =>
    names
      .filter((name) => form.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n'));
  const licenses = read(/^(?:licen[cs]e|copying)(?:[-.].*)?$/i).filter((text) => text.trim() !== '');
  if (licenses.length === 0) return undefined;
  return [...licenses, ...read(/^notice(?:\..*)?$/i)].map((text) => text.trimEnd()).join('\n\n');
}

function textOf(
  { name, version, license, repository, text }: BundledPackage,
  packages: readonly BundledPackage[],
): string {
  if (text !== undefined) return text;
  const twin = packages.find((other) => other.name === licenseElsewhere[name]);
  const isSameTerms = twin?.license === license && twin.repository === repository && repository !== undefined;
  if (twin?.text === undefined || !isSameTerms) throw new Error(`${name} ${version} has no license text`);
  return twin.text;
}
