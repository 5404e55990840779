import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { oldestNode } from '../../scripts/build/oldest-node.ts';
import { packageNames, workspaceRoot } from '../../scripts/workspace.mjs';
import { zips } from '../conformance/bundles.ts';

interface Manifest {
  readonly name: string;
  readonly engines: { readonly node: string };
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

const packages = packageNames.map((folder) => {
  const path = join(workspaceRoot, 'packages', folder);
  const manifest: Manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  return { path, manifest };
});

const entries = packages.flatMap(({ path, manifest }) =>
  Object.entries(manifest.exports).flatMap(([subpath, target]): [name: string, file: string][] =>
    // The contract tests import vitest, which runs only in its own process.
    typeof target === 'string' || subpath === './contract'
      ? []
      : [[manifest.name + subpath.slice(1), join(path, target.default)]],
  ),
);
const files = [
  ...entries,
  ...Object.entries(zips).map(([name, folder]): [string, string] => [name, join(folder, 'index.mjs')]),
];

/** Imports a file in a process that reports another version of Node. */
async function importOn(
  version: string,
  file: string,
): Promise<{ readonly code: number | null; readonly errors: string }> {
  const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
  const source = `${versions} await import(${JSON.stringify(pathToFileURL(file).href)});`;
  // A bundle that listens runs until it is asked to end.
  const end = "process.emit('SIGTERM');";
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source + end], {
    env: { AUTH_TOKEN: 'a-token-of-many-characters', PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { errors: await text(child.stderr), code: await closed };
}

describe('an older Node', () => {
  it.each(files)('is refused at the import of %s, with one sentence', async (_name, file) => {
    for (const version of ['20.20.2', '22.2.0']) {
      const { code, errors } = await importOn(version, file);
      expect(code).toBe(1);
      expect(errors).toContain(`Error: bedrock-proxy needs Node 22.3 or later, but this is Node ${version}.\n`);
    }
  });

  it.each(files)('is not taken for the oldest version that %s supports', async (_name, file) => {
    for (const version of [`${oldestNode}.0`, '22.12.0', '24.0.0']) {
      expect(await importOn(version, file)).toEqual({ code: 0, errors: '' });
    }
  });

  it('is excluded by the engines of every package too', () => {
    for (const { manifest } of packages) expect(manifest.engines.node).toBe(`>=${oldestNode}`);
  });
});
