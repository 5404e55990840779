import { invalid } from '../emulated-exception.js';
import { hasTrait } from '../families/model-traits.js';
import { membersOf } from '../payload.js';
import type { ContentBlock, Turn } from './conversation.js';

/** Throws an `EmulatedException` if Converse refuses the conversation, for every model or for this one. */
export function checkTurns(turns: readonly Turn[], modelName: string, hasTools: boolean): void {
  if (turns[0]?.role !== 'user') {
    throw invalid(
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    );
  }
  for (const [index, { content }] of turns.entries()) {
    if (content.length === 0) {
      throw invalid(
        `The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`,
      );
    }
    checkBlocks(content, modelName);
    checkMixture(content, index, modelName);
  }
  const hasToolBlocks = turns.some(({ content }) => content.some(isToolBlock));
  if (hasToolBlocks && !hasTools) {
    throw invalid('The toolConfig field must be defined when using toolUse and toolResult content blocks.');
  }
  for (const [index, turn] of turns.entries()) checkResults(turns[index - 1], turn, index);
}

/** Throws an `EmulatedException` if a block is refused in every place, in a message or in the system prompt. */
export function checkBlocks(content: readonly ContentBlock[], modelName: string): void {
  for (const block of content) {
    const { kind, value, path } = block;
    const { toolUseId, status, content: results } = membersOf(block.value);
    if (kind === 'text' && (typeof value !== 'string' || value.trim() === '')) {
      throw invalid(
        `The text field in the ContentBlock object at ${path} is blank. Add text to the text field, and try again.`,
      );
    }
    if (kind === 'cachePoint') checkCachePoint(modelName);
    // UNCONFIRMED: an empty list is accepted if the tool succeeded.
    if (kind === 'toolResult' && status === 'error' && Array.isArray(results) && results.length === 0) {
      throw invalid(`The content field at ${path}.toolResult cannot be empty when status value is error.`);
    }
    if (isToolBlock(block) && hasTrait(modelName, 'takesShortToolIds') && !/^[a-zA-Z0-9]{9}$/.test(String(toolUseId))) {
      // UNCONFIRMED: Bedrock's sentence. This is the sentence of Mistral's own API.
      throw fromModel(`Tool call id was ${toolUseId} but must be a-z, A-Z, 0-9, with a length of 9.`);
    }
  }
}

/** Throws an `EmulatedException` if the model caches no prompts. UNCONFIRMED: some reports have a 403 instead of the 400. */
export function checkCachePoint(modelName: string): void {
  if (hasTrait(modelName, 'cachesPrompts')) return;
  throw invalid(
    'You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.',
  );
}

/** A refusal by the model itself, as Converse passes it on. */
export function fromModel(message: string) {
  return invalid(`The model returned the following errors: ${message}`);
}

function checkMixture(content: readonly ContentBlock[], index: number, modelName: string): void {
  const has = (kind: ContentBlock['kind']) => content.some((block) => block.kind === kind);
  if (has('document') && !has('text')) {
    throw invalid('A text block must be included when using documents. Add a text block and retry your request.');
  }
  if (has('toolResult') && has('text') && hasTrait(modelName, 'keepsResultsApart')) {
    throw invalid(
      `messages.${index}.content: Conversation blocks and tool result blocks cannot be provided in the same turn.`,
    );
  }
}

function checkResults(before: Turn | undefined, turn: Turn, index: number): void {
  const calls = idsOf(before, 'toolUse');
  const results = idsOf(turn, 'toolResult');
  if (results.length > calls.length) {
    throw invalid(
      `The number of toolResult blocks at messages.${index}.content exceeds the number of toolUse blocks of previous turn.`,
    );
  }
  const missing = calls.filter((id) => !results.includes(id));
  if (missing.length > 0) {
    throw invalid(
      `Expected toolResult blocks at messages.${index}.content for the following Ids: ${missing.join(', ')}`,
    );
  }
}

/** The ids of the calls or results of a turn. Server tools of the model need no results. */
function idsOf(turn: Turn | undefined, kind: 'toolUse' | 'toolResult'): readonly unknown[] {
  const blocks = turn?.content.filter((block) => block.kind === kind).map(({ value }) => membersOf(value)) ?? [];
  return blocks.filter(({ type }) => type === undefined || type === 'tool_use').map(({ toolUseId }) => toolUseId);
}

function isToolBlock({ kind }: ContentBlock): boolean {
  return kind === 'toolUse' || kind === 'toolResult';
}
