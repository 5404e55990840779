import type { ReasoningKind } from '../../routing/model-alias.js';

const claude = /(?:^|[./])anthropic\.claude-/;
/** Claude before 3.7, which does not reason. */
const earlyClaude = /(?:^|[./])anthropic\.claude-(?:v\d|instant|3-(?:5-|opus|sonnet|haiku))/;
const budgetClaude = /claude-(?:3-7-|(?:opus|sonnet)-4(?:-[15])?(?:-\d{8}|-v\d|:|$)|haiku-4-5(?:-|:|$))/;

/** How a model reasons on demand; undefined if it does not, or if its id does not tell. */
export function reasoningKindOf(modelId: string): ReasoningKind | undefined {
  if (isClaude(modelId)) {
    if (earlyClaude.test(modelId)) return undefined;
    return budgetClaude.test(modelId) ? 'budget' : 'adaptive';
  }
  if (/(?:^|[./])openai\./.test(modelId)) return 'effort';
  return /(?:^|[./])amazon\.nova-2/.test(modelId) ? 'nova' : undefined;
}

export function isClaude(modelId: string): boolean {
  return claude.test(modelId);
}

/** Whether a model takes cache points; others refuse a request that has one. */
export function takesCachePoints(modelId: string): boolean {
  return isClaude(modelId) || /(?:^|[./])amazon\.nova-/.test(modelId);
}

/** Whether a model takes only ids of nine letters and digits for calls of tools. */
export function takesShortIds(modelId: string): boolean {
  return /(?:^|[./])mistral\./.test(modelId);
}
