import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { thirdPartyLicenses } from './third-party-licenses.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'licenses-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a package. The result is the path of a module in it, as esbuild lists its inputs. */
function install(path: string, manifest: object, files: Readonly<Record<string, string>> = {}): string {
  for (const [name, content] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files })) {
    mkdirSync(dirname(join(folder, path, name)), { recursive: true });
    writeFileSync(join(folder, path, name), content);
  }
  return `${path}/lib/index.js`;
}

const licensesOf = (inputs: Readonly<Record<string, number>>, output = 'dist/index.mjs') => {
  const listed = Object.entries(inputs).map(([input, bytesInOutput]) => [input, { bytesInOutput }]);
  return thirdPartyLicenses(
    { outputs: { [output]: { bytes: 1, imports: [], inputs: Object.fromEntries(listed) } } },
    folder,
  );
};
const headings = (text: string) => [...text.matchAll(/^=+\n(.*)\nLicense: (.*)\n=+$/gm)].map(([, ...parts]) => parts);

describe('thirdPartyLicenses', () => {
  it('has the name, version, license and text of each package, in order', () => {
    const b = install(
      'node_modules/b',
      { name: 'b', version: '1.0.0', license: 'MIT' },
      { LICENSE: 'Text of b.\r\nEnd.\n' },
    );
    const a = install(
      '../node_modules/.pnpm/@x+a@2.0.0/node_modules/@x/a'.replace('../', ''),
      { name: '@x/a', version: '2.0.0', license: 'Apache-2.0' },
      { 'license.md': 'Text of a.', NOTICE: 'Notice of a.' },
    );
    const old = install(
      'node_modules/b/node_modules/b',
      { name: 'b', version: '0.9.0', license: 'ISC' },
      { COPYING: 'Old.' },
    );
    const text = licensesOf({ 'src/own.ts': 9, [b]: 1, [a]: 1, [old]: 1, 'required-builtin:node:fs': 1 });
    expect(headings(text)).toEqual([
      ['@x/a 2.0.0', 'Apache-2.0'],
      ['b 0.9.0', 'ISC'],
      ['b 1.0.0', 'MIT'],
    ]);
    expect(text).toMatch(/Text of a\.\n\nNotice of a\.\n[\s\S]*Old\.\n[\s\S]*Text of b\.\nEnd\.\n/);
  });

  it('leaves out a package of which no code is left, and the inputs of source maps', () => {
    const a = install('node_modules/a', { name: 'a', version: '1.0.0', license: 'MIT' }, { LICENSE: 'Text.' });
    expect(headings(licensesOf({ [a]: 0 }))).toEqual([]);
    expect(headings(licensesOf({ [a]: 5 }, 'dist/index.mjs.map'))).toEqual([]);
  });

  it.each<[string, object, Readonly<Record<string, string>>, RegExp]>([
    ['a license text', { license: 'MIT' }, { 'README.md': 'MIT' }, /^a 1\.0\.0 has no license text$/],
    ['words in its license text', { license: 'MIT' }, { LICENSE: ' \n' }, /^a 1\.0\.0 has no license text$/],
    ['the name of a license', {}, { LICENSE: 'Text.' }, /^a 1\.0\.0 names no license$/],
  ])('throws for a package without %s', (_missing, manifest, files, message) => {
    const a = install('node_modules/a', { name: 'a', version: '1.0.0', ...manifest }, files);
    expect(() => licensesOf({ [a]: 1 })).toThrow(message);
  });

  const terms = { license: 'Apache-2.0', version: '1.0.0', repository: { url: 'git+https://example.com/sdk.git' } };

  it('takes the text of a known package without one from another package of its repository', () => {
    const without = install('node_modules/@aws-sdk/credential-provider-http', {
      ...{ name: '@aws-sdk/credential-provider-http', ...terms },
    });
    const core = (more: object) =>
      install('node_modules/@aws-sdk/core', { name: '@aws-sdk/core', ...terms, ...more }, { LICENSE: 'Terms.' });
    expect(licensesOf({ [without]: 1, [core({})]: 1 }).match(/^Terms\.$/gm)).toHaveLength(2);
    for (const other of [{ license: 'MIT' }, { repository: { url: 'git+https://example.com/other.git' } }]) {
      expect(() => licensesOf({ [without]: 1, [core(other)]: 1 })).toThrow(/has no license text$/);
    }
    expect(() => licensesOf({ [without]: 1 })).toThrow(/has no license text$/);
  });
});
