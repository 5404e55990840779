import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A fenced block of a document. `run` is the value of the comment before it, such as `<!-- run: curl -->`. */
export interface CodeBlock {
  readonly document: string;
  /** The line number of its first line of code. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  readonly run?: string;
}

/** The paths of all documents for readers, relative to the root. */
export function documents(): readonly string[] {
  return globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'examples/**/*.md', 'bench/*.md'], { cwd: root })
    .filter((path) => !path.includes('node_modules'))
    .sort();
}

/** The fenced blocks of a document. */
export function codeBlocks(document: string): readonly CodeBlock[] {
  const text = readFileSync(join(root, document), 'utf8');
  const blocks: CodeBlock[] = [];
  for (const match of text.matchAll(
    /(?:^<!-- run: (?<run>[\w-]+) -->\n)?^```(?<language>\w*)[^\n]*\n(?<code>[\s\S]*?)^```$/gm,
  )) {
    const { run, language = '', code = '' } = match.groups ?? {};
    const line = text.slice(0, match.index + match[0].indexOf('```')).split('\n').length + 1;
    blocks.push({ document, line, language, code, ...(run !== undefined && { run }) });
  }
  return blocks;
}

/** The text between a block and the heading before it. */
export function textBefore({ document, line }: CodeBlock): string {
  const lines = readFileSync(join(root, document), 'utf8')
    .split('\n')
    .slice(0, line - 2);
  return lines.slice(lines.findLastIndex((text) => text.startsWith('#')) + 1).join('\n');
}
