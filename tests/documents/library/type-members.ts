import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const core = join(import.meta.dirname, '../../../packages/core/src');

/** A member of an interface, as its declaration states it. */
export interface TypeMember {
  readonly name: string;
  readonly isOptional: boolean;
  readonly type: string;
  /** The text of its doc comment; empty if it has none. */
  readonly meaning: string;
}

/** An interface: its own doc comment, and its members in the order of the source. */
export interface DocumentedType {
  readonly meaning: string;
  readonly members: readonly TypeMember[];
}

/**
 * Reads an interface from a source file of core.
 *
 * @param file relative to the sources of core
 * @throws an error if the file has no such interface
 */
export function readType(file: string, name: string): DocumentedType {
  const source = ts.createSourceFile(file, readFileSync(join(core, file), 'utf8'), ts.ScriptTarget.ES2023, true);
  const found = source.statements.find(
    (statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  if (!found) throw new Error(`${file} has no interface ${name}.`);
  return { meaning: commentOf(found), members: found.members.map((member) => readMember(member, source)) };
}

function readMember(member: ts.TypeElement, source: ts.SourceFile): TypeMember {
  const name = member.name?.getText(source) ?? '';
  const type = ts.isPropertySignature(member) ? member.type?.getText(source) : member.getText(source).replace(name, '');
  return {
    name,
    isOptional: member.questionToken !== undefined,
    type: (type ?? '').replace(/\s+/g, ' ').replace(/;$/, ''),
    meaning: commentOf(member),
  };
}

function commentOf(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return comments
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}
