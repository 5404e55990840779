import { createHash } from 'node:crypto';
import { invalid } from '../emulated-exception.js';
import { membersOf, type Payload } from '../payload.js';
import type { Prompt } from './model-family.js';
import { hasTrait } from './model-traits.js';

/** The parts of a request that decide whether Claude thinks before it answers. */
export interface ThinkingRequest {
  readonly modelName: string;
  /** The `thinking` member of the request, unchecked. */
  readonly thinking: unknown;
  readonly maxTokens: number;
  /** The sampling parameters of the request, such as `temperature`, by name. */
  readonly sampling: Payload;
  readonly mustCallTool: boolean;
  /** The thinking of earlier turns. */
  readonly thoughts: readonly Thought[];
  /** The type of the first block of the turn that the tool results in the last message answer. */
  readonly answeredTurnBegins?: string | undefined;
}

/** A thinking block of an earlier turn. */
export interface Thought {
  /** The path in the request. */
  readonly path: string;
  readonly text: unknown;
  readonly signature: unknown;
}

const smallestBudget = 1_024;

/** The signature of a thinking block of the emulated Claude. */
export function signThought(text: string): string {
  return createHash('sha256').update('the thought of an emulator\0').update(text).digest('base64');
}

/** The kind of thinking before this answer. If Claude would refuse, throws an `EmulatedException` with Anthropic's message. */
export function readThinking(request: ThinkingRequest): Prompt['thinking'] {
  const { modelName, thinking, sampling } = request;
  const chosen = Object.keys(sampling).find((name) => sampling[name] !== undefined);
  if (chosen !== undefined && hasTrait(modelName, 'takesNoSampling')) {
    throw invalid(`\`${chosen}\` is deprecated for this model.`);
  }
  for (const { path, text, signature } of request.thoughts) {
    if (signature !== signThought(String(text))) throw invalid(`${path}: Invalid \`signature\` in \`thinking\` block`);
  }
  if (thinking === undefined) return undefined;
  const { type, budget_tokens: budget, display } = membersOf(thinking);
  if (type === 'disabled') return undefined;
  if (type === 'enabled') checkBudget(request, budget);
  else if (type !== 'adaptive') throw invalid("thinking.type: Input should be 'adaptive', 'disabled' or 'enabled'");
  if (request.mustCallTool) throw invalid('Thinking may not be enabled when tool_choice forces tool use.');
  if (sampling.temperature !== undefined && sampling.temperature !== 1) {
    throw invalid('`temperature` may only be set to 1 when thinking is enabled.');
  }
  return display === 'omitted' ? 'hidden' : 'signed';
}

function checkBudget({ modelName, maxTokens, answeredTurnBegins }: ThinkingRequest, budget: unknown): void {
  if (hasTrait(modelName, 'takesNoSampling')) {
    throw invalid(
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
    );
  }
  if (typeof budget !== 'number') throw invalid('thinking.enabled.budget_tokens: Field required');
  if (budget < smallestBudget) {
    throw invalid(`thinking.enabled.budget_tokens: Input should be greater than or equal to ${smallestBudget}`);
  }
  if (budget >= maxTokens) throw invalid('`max_tokens` must be greater than `thinking.budget_tokens`.');
  if (answeredTurnBegins !== undefined && !/thinking|reasoning/.test(answeredTurnBegins)) {
    throw invalid(
      `Expected \`thinking\` or \`redacted_thinking\`, but found \`${answeredTurnBegins}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block.`,
    );
  }
}
