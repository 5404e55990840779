import type { JsonObject } from '../../models/json-object.js';
import type { ReasoningKind } from '../../routing/model-alias.js';
import type { Turn } from './conversation.js';
import { readWord } from './request-members.js';

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

/** How much a client wants a model to reason. */
export type ReasoningEffort = Exclude<(typeof efforts)[number], 'none' | 'minimal'>;

/** Reads an effort. `minimal` is the same as `low`, and `none` the same as nothing. */
export function readEffort(value: unknown, path: string): ReasoningEffort | undefined {
  const word = readWord(value, path, efforts);
  if (word === 'minimal') return 'low';
  return word === 'none' ? undefined : word;
}

/** The members of a Converse request that make a model reason. */
export interface ReasoningPlan {
  /** For `additionalModelRequestFields`. */
  readonly fields: JsonObject;
  /** For `outputConfig.effort`. */
  readonly effort?: ReasoningEffort;
  /** For `inferenceConfig.maxTokens`, if the client named none. */
  readonly maxTokens?: number;
}

const budgets: Readonly<Record<ReasoningEffort, number>> = {
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 16_384,
  max: 16_384,
};
const smallestBudget = 1_024;
/** The tokens that are left for the answer behind the reasoning. */
const leastAnswer = 1_024;
const usualAnswer = 4_096;

/** Plans the reasoning of a model; undefined if the tokens do not suffice. */
export function planReasoning(
  effort: ReasoningEffort,
  kind: ReasoningKind,
  maxTokens: number | undefined,
): ReasoningPlan | undefined {
  switch (kind) {
    case 'adaptive':
      return { fields: { thinking: { type: 'adaptive', display: 'summarized' } }, effort };
    case 'effort':
      return { fields: { reasoning_effort: effort } };
    case 'nova': {
      const most = effort === 'low' || effort === 'medium' ? effort : 'high';
      return { fields: { reasoningConfig: { type: 'enabled', maxReasoningEffort: most } } };
    }
    case 'budget': {
      const budget = Math.min(budgets[effort], (maxTokens ?? Infinity) - leastAnswer);
      if (budget < smallestBudget) return undefined;
      const fields = { thinking: { type: 'enabled', budget_tokens: budget } };
      return maxTokens === undefined ? { fields, maxTokens: budget + usualAnswer } : { fields };
    }
  }
}

/**
 * Whether Claude refuses to think here: where it must call a tool, and, with a budget, where it called tools in its last turn and that
 * turn does not begin with its signed reasoning.
 */
export function forbidsThinking(thinking: unknown, isForced: boolean, turns: readonly Turn[]): boolean {
  if (typeof thinking !== 'object' || thinking === null) return false;
  if ('type' in thinking && thinking.type === 'disabled') return false;
  if (isForced) return true;
  if (!('type' in thinking) || thinking.type !== 'enabled') return false;
  const blocks = turns.findLast(({ role }) => role === 'assistant')?.blocks ?? [];
  return blocks.some(({ type }) => type === 'call') && blocks[0]?.type !== 'reasoning';
}
