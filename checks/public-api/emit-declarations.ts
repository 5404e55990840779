import { join, relative, sep } from 'node:path';
import ts from 'typescript';
import type { Door } from './door.ts';

/** The virtual path of a source's declarations. It is next to the sources, so that imports of packages resolve as they do there. */
export function declarationPath(source: string): string {
  return source.replaceAll(sep, '/').replace(/\/src\/(?!.*\/src\/)(.+)\.ts$/, '/.declarations/$1.d.ts');
}

/** The compiler options of the workspace, with each door resolved to its `target`. */
export function compilerOptions(
  root: string,
  doors: readonly Door[],
  target: (door: Door) => string,
): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  return {
    ...options,
    composite: false,
    noEmit: false,
    removeComments: true,
    typeRoots: [join(root, 'node_modules/@types')],
    paths: Object.fromEntries(doors.map((door) => [door.specifier, [target(door)]])),
  };
}

/**
 * Compiles the doors and all that they import to declarations, in memory.
 *
 * @returns the text of each declaration file, by its `declarationPath`
 * @throws if the compiler cannot write a declaration
 */
export function emitDeclarations(root: string, doors: readonly Door[]): ReadonlyMap<string, string> {
  const declarations = new Map<string, string>();
  const options = compilerOptions(root, doors, ({ source }) => source);
  const program = ts.createProgram(
    doors.map(({ source }) => source),
    options,
  );
  const { diagnostics } = program.emit(undefined, (_path, text, _mark, _onError, sources) => {
    for (const { fileName } of sources ?? []) declarations.set(declarationPath(fileName), text);
  });
  const [problem] = diagnostics;
  if (problem) {
    const place = problem.file ? `${relative(root, problem.file.fileName)}: ` : '';
    throw new Error(place + ts.flattenDiagnosticMessageText(problem.messageText, '\n'));
  }
  return declarations;
}
