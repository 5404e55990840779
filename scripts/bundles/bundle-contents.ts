/** The members of esbuild's metafile that are read here. */
export interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly bytes: number;
        readonly entryPoint?: string;
        readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
        readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
      }
    >
  >;
}

/** Minified bytes in total and for each package, without source maps. */
export interface Share {
  readonly bytes: number;
  readonly byPackage: Readonly<Record<string, number>>;
}

/** The code of a bundle: `eager` is loaded at import, `lazy` later or never. */
export interface BundleContents {
  readonly eager: Share;
  readonly lazy: Share;
}

/** Separates the outputs that `index.mjs` imports statically from those that it can import later. */
export function bundleContents({ outputs }: Metafile): BundleContents {
  const scripts = Object.keys(outputs).filter((path) => path.endsWith('.mjs'));
  const eager = new Set<string>();
  const load = (path: string) => {
    if (eager.has(path)) return;
    eager.add(path);
    for (const imported of outputs[path]?.imports ?? []) {
      if (imported.kind === 'import-statement' && !imported.external) load(imported.path);
    }
  };
  for (const path of scripts) if (/(?:^|\/)index\.mjs$/.test(path)) load(path);
  return {
    eager: share(outputs, [...eager]),
    lazy: share(
      outputs,
      scripts.filter((path) => !eager.has(path)),
    ),
  };
}

function share(outputs: Metafile['outputs'], paths: readonly string[]): Share {
  const byPackage: Record<string, number> = {};
  let bytes = 0;
  for (const path of paths) {
    bytes += outputs[path]?.bytes ?? 0;
    for (const [input, { bytesInOutput }] of Object.entries(outputs[path]?.inputs ?? {})) {
      const name = packageOf(input);
      byPackage[name] = (byPackage[name] ?? 0) + bytesInOutput;
    }
  }
  const largestFirst = Object.entries(byPackage).sort(([, a], [, b]) => b - a);
  return { bytes, byPackage: Object.fromEntries(largestFirst) };
}

/** The package of an input file. pnpm nests packages, so the last one on the path counts. Other files are our own. */
function packageOf(input: string): string {
  const names = [...input.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)\//g)].map(([, name]) => name);
  return names.at(-1) ?? 'bedrock-proxy';
}
