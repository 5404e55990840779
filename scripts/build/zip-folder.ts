import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

/** zip stores local time. This local time is the same in every time zone, so the output is reproducible. */
const epochOfZip = () => new Date(1980, 0, 1);
const unix = 3;
const readableByAll = 0o100644 << 16;

/**
 * Zips the files of a folder, without the folder name and without source maps. The output depends only on the names and contents of
 * the files.
 */
export function zipFolder(folder: string): Uint8Array {
  const files: Zippable = {};
  const names = readdirSync(folder).filter((name) => !name.endsWith('.map'));
  for (const name of names.sort()) files[name] = readFileSync(join(folder, name));
  return zipSync(files, { level: 9, mtime: epochOfZip(), os: unix, attrs: readableByAll });
}
