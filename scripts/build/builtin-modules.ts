import { isBuiltin } from 'node:module';
import type { Options } from 'tsup';

const identifier = /^[A-Za-z_$][\w$]*$/;

/**
 * Loads Node's built-in modules with `process.getBuiltinModule`, for both `import` and `require`.
 *
 * An `import` in an ES module reads every property of the built-in module. Some properties of `node:http` load a fetch
 * and a WebSocket client, which takes 50 ms of a cold start. An ES module has no `require`, and `createRequire` would
 * allow a bundle to search for node_modules.
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
      contents: `module.exports = ${getBuiltin(path)}`,
    }));
    build.onLoad({ filter: /./, namespace: 'imported-builtin' }, ({ path }) => ({
      // The PURE comments let esbuild remove the names that are not imported.
      contents: [
        `const builtin = /* @__PURE__ */ ${getBuiltin(path)};`,
        'export default builtin;',
        ...exportedNames(path).map((name) => `export const ${name} = /* @__PURE__ */ (() => builtin.${name})();`),
      ].join('\n'),
    }));
  },
};

function getBuiltin(path: string): string {
  return `process.getBuiltinModule(${JSON.stringify(path)})`;
}

function exportedNames(path: string): readonly string[] {
  return Object.keys(process.getBuiltinModule(path) ?? {}).filter(
    (name) => identifier.test(name) && name !== 'default',
  );
}
