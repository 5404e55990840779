import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

/** The local time that zip stores; the same in every zone, so that the same files give the same bytes. */
const epochOfZip = () => new Date(1980, 0, 1);
const unix = 3;
const readableByAll = 0o100644 << 16;

/** Zips the files of a folder, without its name: the same bytes for the same names and contents, whenever and wherever. */
export function zipFolder(folder: string): Uint8Array {
  const files: Zippable = {};
  for (const name of readdirSync(folder).sort()) files[name] = readFileSync(join(folder, name));
  return zipSync(files, { level: 9, mtime: epochOfZip(), os: unix, attrs: readableByAll });
}
