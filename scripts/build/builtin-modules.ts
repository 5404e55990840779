import { isBuiltin } from 'node:module';
import type { Options } from 'tsup';

const identifier = /^[A-Za-z_$][\w$]*$/;

/**
 * Takes Node's own modules by `process.getBuiltinModule`, for `import` and `require` alike. An ES module's `import` of one reads every
 * property that it has, and `node:http` has some that load a whole fetch and WebSocket client: 50 ms of a cold start. And there is no
 * `require` in an ES module; one made by `createRequire` would let a bundle look for node_modules.
 */
export const builtinModules: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'builtin-modules',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ kind, path }) => {
      if (!isBuiltin(path)) return undefined;
      if (kind === 'require-call') return { path, namespace: 'required-builtin' };
      if (kind === 'import-statement') return { path, namespace: 'imported-builtin', sideEffects: false };
      return undefined;
    });
    build.onLoad({ filter: /./, namespace: 'required-builtin' }, ({ path }) => ({
      contents: `module.exports = ${take(path)}`,
    }));
    build.onLoad({ filter: /./, namespace: 'imported-builtin' }, ({ path }) => ({
      // Each name is read only where it is imported: esbuild drops the others, which it is told have no effect.
      contents: [
        `const builtin = /* @__PURE__ */ ${take(path)};`,
        'export default builtin;',
        ...exportedNames(path).map((name) => `export const ${name} = /* @__PURE__ */ (() => builtin.${name})();`),
      ].join('\n'),
    }));
  },
};

function take(path: string): string {
  return `process.getBuiltinModule(${JSON.stringify(path)})`;
}

function exportedNames(path: string): readonly string[] {
  return Object.keys(process.getBuiltinModule(path) ?? {}).filter(
    (name) => identifier.test(name) && name !== 'default',
  );
}
