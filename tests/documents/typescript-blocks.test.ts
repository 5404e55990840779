import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { sourceEntries } from '../../scripts/build/source-entries.ts';
import { packageNames } from '../../scripts/workspace.mjs';
import { codeBlocks, documents } from './markdown-code.ts';

const blocks = documents()
  .flatMap(codeBlocks)
  .filter(({ language }) => language === 'ts');

describe('the TypeScript of the documents', () => {
  it('has more than five blocks', () => {
    expect(blocks.length).toBeGreaterThan(5);
  });

  it('compiles under the strictest settings', { timeout: 120_000 }, () => {
    const files = new Map(
      blocks.map((block, index) => [join(import.meta.dirname, `block-${index}.ts`), block] as const),
    );
    const options: ts.CompilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ['node'],
      typeRoots: [join(import.meta.dirname, '../../node_modules/@types')],
      // A block shows only a part of a program, so unused names are allowed.
      noUnusedLocals: false,
      paths: Object.fromEntries(
        packageNames.flatMap(sourceEntries).map(({ specifier, source }) => [specifier, [source]]),
      ),
    };
    const host = ts.createCompilerHost(options);
    const { fileExists, readFile, getSourceFile } = host;
    const codeOf = (name: string) => {
      const block = files.get(name);
      // The export makes every block a module, which top-level await and imports require.
      return block && `${block.code}\nexport {};\n`;
    };
    host.fileExists = (name) => files.has(name) || fileExists(name);
    host.readFile = (name) => codeOf(name) ?? readFile(name);
    host.getSourceFile = (name, ...rest) => {
      const code = codeOf(name);
      return code === undefined
        ? getSourceFile(name, ...rest)
        : ts.createSourceFile(name, code, ts.ScriptTarget.ES2023);
    };
    const program = ts.createProgram([...files.keys()], options, host);
    const problems = [...files].flatMap(([name, block]) => {
      const source = program.getSourceFile(name);
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
        ({ start = 0, messageText }) => {
          const { line = 0 } = source?.getLineAndCharacterOfPosition(start) ?? {};
          return `${block.document}:${block.line + line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
        },
      );
    });
    expect(problems).toEqual([]);
  });
});
