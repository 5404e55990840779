import { dirname } from 'node:path/posix';
import ts from 'typescript';
import type { Door, ExportedName, OpenDoor } from './door.ts';
import { compilerOptions, declarationPath, emitDeclarations } from './emit-declarations.ts';

const printer = ts.createPrinter({ removeComments: true });

/**
 * Reads the exports of each door from the declarations that the compiler makes of the sources.
 *
 * @param root the workspace's root folder, where `tsconfig.base.json` is
 * @throws if a door exports a name without a declaration
 */
export function openDoors(root: string, doors: readonly Door[]): readonly OpenDoor[] {
  const declarations = emitDeclarations(root, doors);
  const program = programOf(root, doors, declarations);
  const checker = program.getTypeChecker();
  const isOurs = ({ fileName }: ts.SourceFile): boolean => declarations.has(fileName);

  const exportsOf = new Map(
    doors.map((door) => {
      const file = program.getSourceFile(declarationPath(door.source));
      const module = file && checker.getSymbolAtLocation(file);
      if (!module) throw new Error(`${door.specifier} exports nothing: ${door.source} is no module`);
      return [door, checker.getExportsOfModule(module)] as const;
    }),
  );
  const resolve = (symbol: ts.Symbol): ts.Symbol =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const exported = new Set([...exportsOf.values()].flat().map(resolve));

  const isHidden = (symbol: ts.Symbol): boolean =>
    !exported.has(symbol) &&
    (symbol.declarations ?? []).some((at) => isOurs(at.getSourceFile()) && isTopLevel(statementOf(at)));

  const describe = (symbol: ts.Symbol, door: Door): ExportedName => {
    const { name } = symbol;
    const original = resolve(symbol);
    const statements = (original.declarations ?? []).map(statementOf);
    if (statements.length === 0) throw new Error(`${door.specifier} exports ${name}, which is declared nowhere`);
    const own = statements.filter((statement) => isOurs(statement.getSourceFile()));
    const named = own.flatMap(namesIn).flatMap((identifier) => checker.getSymbolAtLocation(identifier) ?? []);
    return {
      name,
      text: [
        ...(original.name === name ? [] : [`// exported as ${name}`]),
        ...(own.length > 0 ? own.map(print) : [`${name}: declared by another package`]),
      ].join('\n'),
      hidden: [
        ...new Set(
          named
            .map(resolve)
            .filter(isHidden)
            .map((target) => target.name),
        ),
      ].sort(),
    };
  };
  return doors.map((door) => ({
    ...door,
    names: (exportsOf.get(door) ?? []).map((symbol) => describe(symbol, door)).sort(byName),
  }));
}

function programOf(root: string, doors: readonly Door[], declarations: ReadonlyMap<string, string>): ts.Program {
  const options = compilerOptions(root, doors, ({ source }) => declarationPath(source));
  const host = ts.createCompilerHost(options);
  const folders = new Set([...declarations.keys()].map(dirname));
  const { directoryExists, fileExists, readFile, getSourceFile } = host;
  host.directoryExists = (path) => folders.has(path) || (directoryExists?.(path) ?? true);
  host.fileExists = (path) => declarations.has(path) || fileExists(path);
  host.readFile = (path) => declarations.get(path) ?? readFile(path);
  host.getSourceFile = (path, settings, ...rest) => {
    const text = declarations.get(path);
    return text === undefined ? getSourceFile(path, settings, ...rest) : ts.createSourceFile(path, text, settings);
  };
  return ts.createProgram(
    doors.map(({ source }) => declarationPath(source)),
    options,
    host,
  );
}

/** The declaration of a variable is a part of its statement. Every other declaration is a statement itself. */
function statementOf(declaration: ts.Declaration): ts.Node {
  return ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
}

function isTopLevel({ parent }: ts.Node): boolean {
  return parent !== undefined && ts.isSourceFile(parent);
}

function print(statement: ts.Node): string {
  return printer
    .printNode(ts.EmitHint.Unspecified, statement, statement.getSourceFile())
    .replace(/^export (?:declare )?/, '');
}

/** All identifiers of a declaration. Their symbols tell which of them name a declaration of a module. */
function namesIn(node: ts.Node): readonly ts.Identifier[] {
  const names: ts.Identifier[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isIdentifier(child)) names.push(child);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return names;
}

function byName(a: ExportedName, b: ExportedName): number {
  return a.name < b.name ? -1 : 1;
}
