import { isBuiltin } from 'node:module';
import type { Options } from 'tsup';

/**
 * Lets CommonJS dependencies `require` Node's modules inside an ES module: there is no `require` in one, and making one
 * by `createRequire` would let a bundle look for node_modules. `process.getBuiltinModule` is also quicker than an import.
 */
export const builtinRequires: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'builtin-requires',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'require-call' && isBuiltin(path) ? { path, namespace: 'builtin-require' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'builtin-require' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }));
  },
};
