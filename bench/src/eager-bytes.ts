import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const staticImport = /(?:^|[;}\s])(?:import|export)(?:[\w*${},\s]+from)?\s*["']\.\/([^"']+)["']/g;
const mapComment = /\n?\/\/# sourceMappingURL=.*\s*$/;

/** The bytes of code that an import of `index.mjs` loads: this file and all chunks that are imported statically. */
export function eagerBytes(folder: string): number {
  const loaded = new Set<string>();
  let bytes = 0;
  const load = (name: string) => {
    if (loaded.has(name) || !existsSync(join(folder, name))) return;
    loaded.add(name);
    const code = readFileSync(join(folder, name), 'utf8').replace(mapComment, '');
    bytes += Buffer.byteLength(code);
    for (const [, imported = ''] of code.matchAll(staticImport)) load(imported);
  };
  load('index.mjs');
  return bytes;
}
