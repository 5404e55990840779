import { randomUUID } from 'node:crypto';
import { claudeBlocks } from '../../answers/claude-answer.js';
import { invalid, malformed } from '../emulated-exception.js';
import { isRecord, membersOf, type Payload, recordsIn, stringsIn } from '../payload.js';
import { cachePoint, measurePrompt, type PromptPart } from '../prompt-cache.js';
import { checkClaudeRequest } from './check-claude-request.js';
import { checkClaudeExtras, takesRole } from './claude-extras.js';
import { readThinking, type Thought } from './claude-thinking.js';
import type { ModelFamily } from './model-family.js';
import { callTools, type ToolSituation, type UserTurn } from './tool-calls.js';

interface Message {
  readonly role: 'user' | 'assistant' | 'system';
  readonly blocks: readonly Payload[];
}

/** Claude's messages API. */
export const claudeMessages = (modelName: string): ModelFamily => ({
  answer: claudeBlocks,

  readPrompt(payload) {
    const extraneous = ['model', 'modelId', 'stream'].find((key) => key in payload);
    if (extraneous) throw malformed(`extraneous key [${extraneous}] is not permitted`);
    checkClaudeRequest(payload, modelName);
    checkClaudeExtras(payload);
    const maxTokens = readMaxTokens(payload.max_tokens);
    const messages = readMessages(payload.messages, modelName);
    const tools = recordsIn(payload.tools);
    const system = typeof payload.system === 'string' ? [{ text: payload.system }] : recordsIn(payload.system);
    // An instruction within the conversation is not what the model answers to.
    const turns = messages.filter(({ role }) => role !== 'system');
    const last = turns.at(-1)?.blocks ?? [];
    const choice = readChoice(payload.tool_choice);
    const thinking = readThinking({
      modelName,
      thinking: payload.thinking,
      maxTokens,
      sampling: { temperature: payload.temperature, top_p: payload.top_p, top_k: payload.top_k },
      mustCallTool: choice !== 'auto' && choice !== 'none',
      thoughts: messages.flatMap(thoughtsIn),
      answeredTurnBegins: last.some(isResult) ? typeOf(turns.at(-2)?.blocks[0]) : undefined,
    });
    const situation = {
      tools: tools.map(({ name, input_schema: schema }) => ({ name: String(name), schema })),
      choice,
      turns: turns.filter(({ role }) => role === 'user').map(userTurn),
    };
    return {
      text: last.map(textOf).join('\n'),
      maxTokens,
      ...measurePrompt([
        ...tools.flatMap((tool) => partsOf(tool, JSON.stringify({ ...tool, cache_control: undefined }))),
        ...[...system, ...messages.flatMap(({ blocks }) => blocks)].flatMap((block) => partsOf(block, textOf(block))),
      ]),
      stopSequences: stringsIn(payload.stop_sequences),
      ...(thinking && { thinking }),
      calls: callTools(situation, () => `toolu_bdrk_${randomUUID().replaceAll('-', '').slice(0, 24)}`),
      mayAnnounce: choice === 'auto',
    };
  },
});

function userTurn({ blocks }: Message): UserTurn {
  const text = textOf(blocks.findLast(({ type }) => type === 'text') ?? {});
  return { text, hasResults: blocks.some(isResult) };
}

function isResult({ type }: Payload): boolean {
  return type === 'tool_result';
}

function readMaxTokens(maxTokens: unknown): number {
  if (maxTokens === undefined) throw invalid('max_tokens: Field required');
  if (typeof maxTokens !== 'number' || !Number.isInteger(maxTokens)) {
    throw invalid('max_tokens: Input should be a valid integer');
  }
  if (maxTokens < 1) throw invalid('max_tokens: must be greater than or equal to 1');
  return maxTokens;
}

function readMessages(messages: unknown, modelName: string): readonly Message[] {
  if (messages === undefined) throw invalid('messages: Field required');
  if (!Array.isArray(messages)) throw invalid('messages: Input should be a valid list');
  if (messages.length === 0) throw invalid('messages: at least one message is required');
  return messages.map((message, index) => readMessage(message, index, modelName));
}

function readMessage(message: unknown, index: number, modelName: string): Message {
  if (!isRecord(message)) throw invalid(`messages.${index}: Input should be a valid dictionary`);
  const { role, content } = message;
  if (!takesRole(modelName, role)) {
    throw invalid(`messages.${index}.role: Input should be 'user' or 'assistant'`);
  }
  if (content === undefined) throw invalid(`messages.${index}.content: Field required`);
  if (typeof content !== 'string' && !Array.isArray(content)) {
    throw invalid(`messages.${index}.content: Input should be a valid string or list`);
  }
  return { role, blocks: typeof content === 'string' ? [{ type: 'text', text: content }] : recordsIn(content) };
}

function thoughtsIn({ blocks }: Message, messageIndex: number): readonly Thought[] {
  return blocks.flatMap(({ type, thinking: text, signature }, index) =>
    type === 'thinking' ? [{ path: `messages.${messageIndex}.content.${index}`, text, signature }] : [],
  );
}

function typeOf(block: Payload | undefined): string {
  return String(block?.type);
}

/** The text of a block. Pictures and documents have none. */
function textOf({ text, content, input }: Payload): string {
  if (typeof text === 'string') return text;
  if (typeof content === 'string') return content;
  return input === undefined ? recordsIn(content).map(textOf).join('\n') : JSON.stringify(input);
}

function partsOf(item: Payload, text: string): readonly PromptPart[] {
  return isRecord(item.cache_control) ? [text, cachePoint] : [text];
}

function readChoice(choice: unknown): ToolSituation['choice'] {
  if (choice === undefined) return 'auto';
  const { type, name } = membersOf(choice);
  if (type === 'tool') return { name: String(name) };
  if (type === 'auto' || type === 'any' || type === 'none') return type;
  throw invalid(
    type === undefined
      ? 'tool_choice.type: Field required'
      : "tool_choice: Input tag is not one of 'auto', 'any', 'tool', 'none'",
  );
}
