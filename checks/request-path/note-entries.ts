import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Options } from 'tsup';
import ts from 'typescript';
import { workspaceRoot } from '../../scripts/workspace.mjs';

/** The global function that an instrumented function calls first, with its file and its name. */
export const noteEntry = '__noteEntry';

/** An esbuild plugin that makes every function of the packages' sources report that it is entered. */
export const noteEntries: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'note-entries',
  setup(build) {
    build.onLoad({ filter: /[\\/]packages[\\/][^\\/]+[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
      contents: instrument(readFileSync(path, 'utf8'), relative(workspaceRoot, path)),
      loader: 'ts',
    }));
  },
};

/** The source with a call of `noteEntry` at the start of each function body. */
function instrument(source: string, file: string): string {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const printer = ts.createPrinter();
  const { transformed } = ts.transform(parsed, [
    (context) => (root) => {
      const visit = (node: ts.Node): ts.Node => enter(ts.visitEachChild(node, visit, context), file, context.factory);
      return ts.visitEachChild(root, visit, context);
    },
  ]);
  return transformed.map((each) => printer.printFile(each)).join('');
}

function enter(node: ts.Node, file: string, factory: ts.NodeFactory): ts.Node {
  const body = 'body' in node ? (node.body as ts.Node | undefined) : undefined;
  if (!ts.isFunctionLike(node) || body === undefined) return node;
  const name = 'name' in node && node.name && ts.isIdentifier(node.name) ? node.name.text : '';
  const call = factory.createCallExpression(
    factory.createPropertyAccessExpression(factory.createIdentifier('globalThis'), noteEntry),
    undefined,
    [factory.createStringLiteral(file), factory.createStringLiteral(name)],
  );
  if (ts.isArrowFunction(node) && !ts.isBlock(body)) {
    const value = factory.createParenthesizedExpression(body as ts.Expression);
    const both = factory.createParenthesizedExpression(factory.createComma(call, value));
    const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken } = node;
    return factory.updateArrowFunction(node, modifiers, typeParameters, parameters, type, equalsGreaterThanToken, both);
  }
  const statement = factory.createExpressionStatement(call);
  const block = body as ts.Block;
  // A derived constructor may not run anything before super().
  const isConstructor = ts.isConstructorDeclaration(node);
  const statements = isConstructor ? [...block.statements, statement] : [statement, ...block.statements];
  const entered = factory.updateBlock(block, statements);
  return ts.visitEachChild(node, (child) => (child === block ? entered : child), undefined);
}
