import { invalid } from '../emulated-exception.js';
import { membersOf, type Payload, recordsIn, stringsIn } from '../payload.js';
import { hasTrait } from './model-traits.js';

/** The betas that Bedrock knows, for some of its models. Which model takes which is UNCONFIRMED: here each takes all. */
const knownBeta =
  /^(?:(?:computer-use|token-efficient-tools|output-128k|dev-full-thinking)-.*|(?:interleaved-thinking|fine-grained-tool-streaming)-2025-05-14|context-1m-2025-08-07|effort-2025-11-24|tool-search-tool-2025-10-19|tool-examples-2025-10-29|compact-2026-01-12|mid-conversation-(?:tool-changes|output-config)-2026-07-01|thinking-display-updates-2026-08-18|thinking-binding-controls-2026-08-01)$/;

/**
 * Refuses betas and context management that Anthropic's own API has and Bedrock has not, in Bedrock's words. Throws an `EmulatedException`.
 */
export function checkClaudeExtras(payload: Payload): void {
  const betas = stringsIn(payload.anthropic_beta);
  // Bedrock does not name the beta that it refuses.
  if (!betas.every((beta) => knownBeta.test(beta))) throw invalid('invalid beta flag');
  if (!('context_management' in payload)) return;
  const edits = recordsIn(membersOf(payload.context_management).edits);
  const isCompaction = edits.length > 0 && edits.every(({ type }) => type === 'compact_20260112');
  if (!isCompaction || !betas.includes('compact-2026-01-12')) {
    throw invalid('context_management: Extra inputs are not permitted');
  }
}

/** Whether a message has a role that the model takes. */
export function takesRole(modelName: string, role: unknown): role is 'user' | 'assistant' | 'system' {
  return role === 'user' || role === 'assistant' || (role === 'system' && hasTrait(modelName, 'takesSystemMessages'));
}
