import { EmulatedException, invalid, malformed } from '../emulated-exception.js';
import { readThinking, type Thought } from '../families/claude-thinking.js';
import type { Prompt } from '../families/model-family.js';
import { hasTrait } from '../families/model-traits.js';
import { callTools, type ToolSituation, type UserTurn } from '../families/tool-calls.js';
import { isRecord, membersOf, type Payload, stringsIn } from '../payload.js';
import { cachePoint, measurePrompt } from '../prompt-cache.js';
import { checkRequest } from './check-request.js';
import { checkBlocks, checkTurns, fromModel } from './check-turns.js';
import { type ContentBlock, readContent, readConversation, saidBy, type Turn } from './conversation.js';
import { newToolId, readTools } from './read-tools.js';

const defaultMaxTokens = 4_096;

/** Reads a Converse request to a model of the catalogue. Throws an `EmulatedException` if Bedrock refuses the request. */
export function readConverse(payload: Payload, modelName: string): Prompt {
  if (hasTrait(modelName, 'withoutConversation')) {
    throw invalid(
      "This action doesn't support the model that you provided. Try again with a supported text or chat model.",
    );
  }
  const turns = readConversation(payload.messages);
  const system = readContent(payload.system, 'system');
  checkRequest(payload, turns);
  checkTurns(turns, modelName, payload.toolConfig !== undefined);
  checkBlocks(system, modelName);
  const { tools, choice, parts } = readTools(payload, modelName);

  const { maxTokens, stopSequences } = membersOf(payload.inferenceConfig);
  const limit = typeof maxTokens === 'number' ? maxTokens : defaultMaxTokens;
  const thinking = thinkingOf(payload, modelName, turns, limit, choice);
  const last = turns.at(-1)?.content ?? [];
  const said = last.map(saidBy).filter((text) => text !== '');
  const situation = { tools, choice, turns: turns.filter(({ role }) => role === 'user').map(userTurn) };
  const blocks = [...system, ...turns.flatMap(({ content }) => content)];
  return {
    text: said.join('\n'),
    maxTokens: limit,
    ...measurePrompt([...parts, ...blocks.map((block) => (block.kind === 'cachePoint' ? cachePoint : saidBy(block)))]),
    stopSequences: stringsIn(stopSequences),
    ...(thinking && { thinking }),
    calls: callTools(situation, () => newToolId(modelName)),
    mayAnnounce: choice === 'auto',
  };
}

function thinkingOf(
  { inferenceConfig, additionalModelRequestFields }: Payload,
  modelName: string,
  turns: readonly Turn[],
  maxTokens: number,
  choice: ToolSituation['choice'],
): Prompt['thinking'] {
  const { thinking } = membersOf(additionalModelRequestFields);
  const { temperature, topP } = membersOf(inferenceConfig);
  if (!hasTrait(modelName, 'isClaude')) {
    if (thinking !== undefined) throw malformed('extraneous key [thinking] is not permitted');
    return hasTrait(modelName, 'reasonsUnsigned') ? 'unsigned' : undefined;
  }
  try {
    return readThinking({
      modelName,
      thinking,
      maxTokens,
      sampling: { temperature, top_p: topP },
      mustCallTool: choice !== 'auto' && choice !== 'none',
      thoughts: turns.flatMap(({ content }) => content.flatMap(thoughtIn)),
      answeredTurnBegins: turns.at(-1)?.content.some(({ kind }) => kind === 'toolResult')
        ? turns.at(-2)?.content[0]?.kind
        : undefined,
    });
  } catch (error) {
    throw error instanceof EmulatedException ? fromModel(error.message) : error;
  }
}

function userTurn({ content }: Turn): UserTurn {
  const text = content.findLast(({ kind }) => kind === 'text');
  return { text: text ? saidBy(text) : '', hasResults: content.some(({ kind }) => kind === 'toolResult') };
}

function thoughtIn({ kind, value, path }: ContentBlock): readonly Thought[] {
  const { reasoningText } = membersOf(value);
  if (kind !== 'reasoningContent' || !isRecord(reasoningText)) return [];
  return [{ path, text: reasoningText.text, signature: reasoningText.signature }];
}
