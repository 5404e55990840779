import { randomBytes } from 'node:crypto';
import { EmulatedException, invalid, malformed } from '../emulated-exception.js';
import { readThinking, type Thought } from '../families/claude-thinking.js';
import type { Prompt } from '../families/model-family.js';
import { hasTrait } from '../families/model-traits.js';
import { callTools, type ToolSituation } from '../families/tool-calls.js';
import { isRecord, membersOf, type Payload, recordsIn, stringsIn } from '../payload.js';
import { cachePoint, measurePrompt, type PromptPart } from '../prompt-cache.js';
import { checkRequest } from './check-request.js';
import { checkBlocks, checkCachePoint, checkTurns, fromModel } from './check-turns.js';
import { type ContentBlock, readContent, readConversation, saidBy, type Turn } from './conversation.js';

const defaultMaxTokens = 4_096;

/** The text that makes a guardrail block the input, where the request names a guardrail. */
const guardrailTrigger = 'forbidden';

/** Reads a Converse request to a model of the catalogue. Throws an `EmulatedException` for what Bedrock refuses. */
export function readConverse(payload: Payload, modelName: string): Prompt {
  if (hasTrait(modelName, 'withoutConversation')) {
    throw invalid(
      "This action doesn't support the model that you provided. Try again with a supported text or chat model.",
    );
  }
  const turns = readConversation(payload.messages);
  const system = readContent(payload.system, 'system');
  checkRequest(payload, turns);
  const { tools, toolChoice } = membersOf(payload.toolConfig);
  checkTurns(turns, modelName, payload.toolConfig !== undefined);
  checkBlocks(system, modelName);
  const toolParts = recordsIn(tools).flatMap((tool): readonly PromptPart[] => {
    if (!('cachePoint' in tool)) return [JSON.stringify(tool)];
    checkCachePoint(modelName);
    return [cachePoint];
  });

  const { inferenceConfig, additionalModelRequestFields } = payload;
  const { maxTokens, stopSequences } = membersOf(inferenceConfig);
  const choice = readChoice(toolChoice, membersOf(additionalModelRequestFields));
  const last = turns.at(-1)?.content ?? [];
  const said = last.map(saidBy).filter((text) => text !== '');
  const situation = {
    tools: recordsIn(tools).flatMap(({ toolSpec }) => (isRecord(toolSpec) ? [toolOf(toolSpec)] : [])),
    choice,
    text:
      last
        .filter(({ kind }) => kind === 'text')
        .map(saidBy)
        .at(-1) ?? '',
    hasResults: last.some(({ kind }) => kind === 'toolResult'),
  };
  const limit = typeof maxTokens === 'number' ? maxTokens : defaultMaxTokens;
  const thinking = thinkingOf(payload, modelName, turns, limit, choice);
  return {
    text: said.join('\n'),
    maxTokens: limit,
    ...measurePrompt([...toolParts, ...[...system, ...turns.flatMap(({ content }) => content)].map(partOf)]),
    stopSequences: stringsIn(stopSequences),
    ...(thinking && { thinking }),
    calls: callTools(situation, () => newToolId(modelName)),
    mayAnnounce: choice === 'auto',
    isBlocked: payload.guardrailConfig !== undefined && said.some((text) => text.includes(guardrailTrigger)),
  };
}

function toolOf({ name, inputSchema }: Payload) {
  return { name: String(name), schema: membersOf(inputSchema).json };
}

function partOf(block: ContentBlock): PromptPart {
  return block.kind === 'cachePoint' ? cachePoint : saidBy(block);
}

function newToolId(modelName: string): string {
  const bytes = randomBytes(16);
  return hasTrait(modelName, 'takesShortToolIds')
    ? bytes.toString('hex').slice(0, 9)
    : `tooluse_${bytes.toString('base64url')}`;
}

/** The tool choice of Converse, or that of Claude's own request, which may not stand beside it. */
function readChoice(toolChoice: unknown, { tool_choice: claudeChoice }: Payload): ToolSituation['choice'] {
  const [kind] = isRecord(toolChoice) ? Object.keys(toolChoice) : [];
  if (kind !== undefined && claudeChoice !== undefined) {
    throw invalid(
      `The additional field tool_choice/type conflicts with the existing field toolConfig.toolChoice.${kind}. Remove tool_choice/type and try again.`,
    );
  }
  const { type, name } = membersOf(claudeChoice);
  if (claudeChoice !== undefined && type === undefined) throw fromModel('tool_choice.type: Field required');
  if (kind === 'tool') return { name: String(membersOf(membersOf(toolChoice).tool).name) };
  if (type === 'tool') return { name: String(name) };
  if (kind === 'any' || type === 'any') return 'any';
  return type === 'none' ? 'none' : 'auto';
}

function thinkingOf(
  { inferenceConfig, additionalModelRequestFields }: Payload,
  modelName: string,
  turns: readonly Turn[],
  maxTokens: number,
  choice: ToolSituation['choice'],
): Prompt['thinking'] {
  const { thinking } = membersOf(additionalModelRequestFields);
  if (!hasTrait(modelName, 'isClaude')) {
    if (thinking !== undefined) throw malformed('extraneous key [thinking] is not permitted');
    return hasTrait(modelName, 'reasonsUnsigned') ? 'unsigned' : undefined;
  }
  const bringsResults = turns.at(-1)?.content.some(({ kind }) => kind === 'toolResult');
  try {
    return readThinking({
      modelName,
      thinking,
      maxTokens,
      temperature: membersOf(inferenceConfig).temperature,
      mustCallTool: choice !== 'auto' && choice !== 'none',
      thoughts: turns.flatMap(({ content }) => content.flatMap(thoughtIn)),
      answeredTurnBegins: bringsResults ? turns.at(-2)?.content[0]?.kind : undefined,
    });
  } catch (error) {
    throw error instanceof EmulatedException ? fromModel(error.message) : error;
  }
}

function thoughtIn(block: ContentBlock): readonly Thought[] {
  const { reasoningText } = membersOf(block.value);
  if (block.kind !== 'reasoningContent' || !isRecord(reasoningText)) return [];
  return [{ path: block.path, text: reasoningText.text, signature: reasoningText.signature }];
}
