import type { AnthropicDialectOptions } from './anthropic-dialect-options.js';

/** What Bedrock knows, for some of its models. One value that a model does not know fails the whole request. */
const passed = [
  'computer-use-*',
  'token-efficient-tools-*',
  'output-128k-*',
  'dev-full-thinking-*',
  'interleaved-thinking-2025-05-14',
  'fine-grained-tool-streaming-2025-05-14',
  'context-1m-2025-08-07',
  'effort-2025-11-24',
  'tool-search-tool-2025-10-19',
  'tool-examples-2025-10-29',
  'compact-2026-01-12',
  'mid-conversation-tool-changes-2026-07-01',
  'mid-conversation-output-config-2026-07-01',
  'thinking-display-updates-2026-08-18',
  'thinking-binding-controls-2026-08-01',
];

/** The same feature under two names. */
const renamed: ReadonlyMap<string, string> = new Map([['advanced-tool-use-2025-11-20', 'tool-search-tool-2025-10-19']]);

/** No beta is longer; a longer one is not compared. */
const longest = 100;

/** The beta to send for one that a client sent; undefined if it is dropped. */
export type BetaTable = (beta: string) => string | undefined;

/** The table of an operator who set `betas`, or the dialect's own. `betasDeny` applies after it. */
export function betaTable({ betas, betasDeny = [] }: AnthropicDialectOptions = {}): BetaTable {
  const rules = betas ?? passed;
  const renames = new Map([
    ...renamed,
    ...rules.filter(isRename).map((rule) => rule.split('=', 2) as [string, string]),
  ]);
  const ownRenames = new Set(rules.filter(isRename).map((rule) => rule.split('=', 1)[0]));
  const passes = matcher(rules.filter((rule) => !isRename(rule)));
  const denies = matcher(betasDeny);
  return (beta) => {
    if (beta.length > longest) return undefined;
    const renamedTo = renames.get(beta);
    const sent = passes(beta) && !ownRenames.has(beta) ? beta : renamedTo;
    return sent === undefined || denies(sent) ? undefined : sent;
  };
}

function isRename(rule: string): boolean {
  return rule.includes('=');
}

/** Whether a text matches one of the globs: `*` stands for any run of characters, `?` for one. */
function matcher(globs: readonly string[]): (text: string) => boolean {
  const forms = globs.map((glob) => {
    const form = glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${form}$`, 's');
  });
  return (text) => forms.some((form) => form.test(text));
}
