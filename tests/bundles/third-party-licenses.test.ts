import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { licensesFile } from '../../scripts/build/third-party-licenses.ts';
import { bundleBudgets } from '../../scripts/bundles/bundle-budget.ts';
import { readContents } from '../../scripts/bundles/contents-note.ts';
import { workspaceRoot } from '../../scripts/workspace.mjs';

describe.each(Object.keys(bundleBudgets))('THIRD-PARTY-LICENSES of %s', (bundle) => {
  const folder = join(workspaceRoot, bundle);
  const text = readFileSync(join(folder, licensesFile), 'utf8');
  const sections = text.split(/^={80}\n(?=.*\nLicense: )/m).slice(1);
  const listed = sections.map((section) => section.slice(0, section.indexOf('\n')));
  const names = listed.map((heading) => heading.replace(/ \S+$/, ''));

  it('lists each npm package that the bundler put into the bundle, and no other', () => {
    const { eager, lazy } = readContents(bundle);
    const bundled = Object.entries({ ...lazy.byPackage, ...eager.byPackage })
      .filter(([name]) => name !== 'bedrock-proxy' && (eager.byPackage[name] ?? 0) + (lazy.byPackage[name] ?? 0) > 0)
      .map(([name]) => name);
    expect(bundled.length).toBeGreaterThan(10);
    expect([...new Set(names)]).toEqual(bundled.sort());
  });

  it('lists each npm package in the source maps of the bundle', () => {
    const maps = readdirSync(folder).filter((name) => name.endsWith('.map'));
    const sources = maps.flatMap((name): string[] => JSON.parse(readFileSync(join(folder, name), 'utf8')).sources);
    const packages = sources.map((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? '');
    expect([...new Set(packages)].filter((name) => name !== '' && !names.includes(name))).toEqual([]);
  });

  it('has a version, a license and a text for each package', () => {
    for (const section of sections) {
      expect(section).toMatch(/^\S+ \d+\.\d+\.\d+\S*\nLicense: [\w.-]+\n={80}\n/);
      expect(section).toMatch(/Permission is hereby granted|Apache License/);
    }
  });
});
