import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelMakers } from '../../deploy/src/model-access/geographies.ts';
import { documents } from './markdown-code.ts';

const root = join(import.meta.dirname, '../..');

/** The document with the table of ends of life. */
export const lifecycleDocument = 'docs/models.md';

/** A row of the table. `end` is a date; absent if there is no exact date. */
export interface Lifecycle {
  readonly state: 'active' | 'Legacy' | 'ended';
  readonly note: string;
  readonly end?: string;
}

/** The table of ends of life, by model id, and the date on which it was checked. */
export function lifecycles(): { readonly checkedOn: string; readonly models: ReadonlyMap<string, Lifecycle> } {
  const text = readFileSync(join(root, lifecycleDocument), 'utf8');
  const rows = text.matchAll(/^\| `([^`]+)` \| (active|Legacy|ended) \| ?(.*?) ?\|$/gm);
  const models = [...rows].map(([, id = '', state, note = '']): [string, Lifecycle] => {
    const end = /\d{4}-\d\d-\d\d/.exec(note)?.[0];
    return [id, { state: state as Lifecycle['state'], note, ...(end !== undefined && { end }) }];
  });
  return { checkedOn: /Checked on (\d{4}-\d\d-\d\d)/.exec(text)?.[1] ?? '', models: new Map(models) };
}

/** The endings of the ids of all Claude models, which is no advice to use them. */
const endings = 'deploy/src/model-access/replace-claude-names.ts';

/** What a reader copies from: the documents, the examples, and the sources of the tools with their helps and defaults. */
export function filesWithModels(): readonly string[] {
  const sources = ['examples/*', 'local/src/**/*.{ts,js,html}', 'deploy/{src,example}/**/*.ts', 'scripts/**/*.mjs'];
  const found = globSync(sources, { cwd: root }).filter(
    (path) => /\.\w+$/.test(path) && !/\.test\.ts$/.test(path) && path !== endings,
  );
  return [...documents().filter((path) => !path.endsWith('CHANGELOG.md')), ...found].sort();
}

const makers = [...modelMakers].join('|');
const modelId = new RegExp(String.raw`(?<![\w./-])(?:[a-z-]+\.)?((?:${makers})\.[a-z0-9-]+[a-z0-9.:-]*[a-z0-9])`, 'g');
const claudeName = /(?<![\w.-])claude-(?:opus|sonnet|haiku|fable)-[\d-]*\d(?![\w-])/g;

/** The model ids of a file, without the prefixes of profiles. Anthropic's own names become ids. */
export function modelsIn(path: string): readonly string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const ids = [...text.matchAll(modelId)].map(([, id = '']) => id).filter((id) => /-.*\d|\d.*-/.test(id));
  const names = [...text.matchAll(claudeName)].map(([name]) => `anthropic.${name}`);
  return [...new Set([...ids, ...names])];
}
