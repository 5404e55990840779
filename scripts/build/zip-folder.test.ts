import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { zipFolder } from './zip-folder.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zip-folder-'));
  writeFileSync(join(folder, 'index.mjs'), 'export const handler = 1;');
  writeFileSync(join(folder, 'chunk.mjs'), 'export {};');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('puts the files at the top level of the zip', () => {
  const files = unzipSync(zipFolder(folder));
  expect(Object.keys(files)).toEqual(['chunk.mjs', 'index.mjs']);
  expect(strFromU8(files['index.mjs'] ?? new Uint8Array())).toBe('export const handler = 1;');
});

it('returns the same bytes at another time and in another time zone', () => {
  vi.stubEnv('TZ', 'Pacific/Auckland');
  const there = zipFolder(folder);
  vi.stubEnv('TZ', 'America/Lima');
  utimesSync(join(folder, 'index.mjs'), 1, 1);
  expect(zipFolder(folder)).toEqual(there);
});

it('returns other bytes for other contents', () => {
  const before = zipFolder(folder);
  writeFileSync(join(folder, 'chunk.mjs'), 'export { };');
  expect(zipFolder(folder)).not.toEqual(before);
});
