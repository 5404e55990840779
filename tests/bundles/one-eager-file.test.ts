import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const folders = ['lambda-adapter/dist/lambda', 'apigw-adapter/dist/lambda', 'apigw-adapter/dist/lambda-stream'];
const staticImport = /(?:^|[;}\s])(?:import|export)(?:[\w*${},\s]+from)?\s*["'](\.[^"']+)["']/g;

describe.each(folders)('the bundle %s', (name) => {
  const folder = fileURLToPath(new URL(`../../packages/${name}/`, import.meta.url));
  const index = readFileSync(`${folder}index.mjs`, 'utf8');

  it('loads one file at a cold start', () => {
    expect([...index.matchAll(staticImport)].map(([, path]) => path)).toEqual([]);
  });

  it('has every file that is loaded later, and nothing else', () => {
    const scripts = readdirSync(folder).filter((file) => file.endsWith('.mjs'));
    const code = scripts.map((file) => readFileSync(`${folder}${file}`, 'utf8')).join('\n');
    const imported = new Set([...code.matchAll(/["']\.\/([\w.-]+\.mjs)["']/g)].map(([, file]) => file));
    imported.add('index.mjs');
    expect([...imported].sort()).toEqual(scripts.sort());
  });

  it('has source maps that lead to the sources', () => {
    const map = new SourceMap(JSON.parse(readFileSync(`${folder}index.mjs.map`, 'utf8')));
    const lines = index.slice(0, index.indexOf('Little time for an answer')).split('\n');
    const entry = map.findEntry(lines.length - 1, lines.at(-1)?.length ?? 0);
    expect(entry).toMatchObject({ originalSource: expect.stringMatching(/core\/src\/http\/serve\.ts$/) });
  });
});
