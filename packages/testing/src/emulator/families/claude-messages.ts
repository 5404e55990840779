import { claudeAnswer } from '../../answers/claude-answer.js';
import { countTokens } from '../compose-answer.js';
import { EmulatedException } from '../emulated-exception.js';
import type { ModelFamily } from './model-family.js';

/** Claude's messages API. Lenient where Bedrock is not: `anthropic_version` may be left out. */
export const claudeMessages: ModelFamily = {
  answer: claudeAnswer,

  readPrompt(payload) {
    const extraneous = ['model', 'modelId', 'stream'].find((key) => key in payload);
    if (extraneous) {
      throw invalid(
        `Malformed input request: #: extraneous key [${extraneous}] is not permitted, please reformat your input and try again.`,
      );
    }
    const { max_tokens: maxTokens, messages, system } = payload;
    if (maxTokens === undefined) throw invalid('max_tokens: Field required');
    if (typeof maxTokens !== 'number' || !Number.isInteger(maxTokens)) {
      throw invalid('max_tokens: Input should be a valid integer');
    }
    if (maxTokens < 1) throw invalid('max_tokens: must be greater than or equal to 1');
    if (messages === undefined) throw invalid('messages: Field required');
    if (!Array.isArray(messages)) throw invalid('messages: Input should be a valid list');
    if (messages.length === 0) throw invalid('messages: at least one message is required');

    const said = messages.map(readMessage);
    return {
      text: said.at(-1) ?? '',
      inputTokens: countTokens([readContent(system), ...said].join('')),
      maxTokens,
    };
  },
};

function readMessage(message: unknown, index: number): string {
  if (!isRecord(message)) throw invalid(`messages.${index}: Input should be a valid dictionary`);
  if (message.role !== 'user' && message.role !== 'assistant') {
    throw invalid(`messages.${index}.role: Input should be 'user' or 'assistant'`);
  }
  if (message.content === undefined) throw invalid(`messages.${index}.content: Field required`);
  if (typeof message.content !== 'string' && !Array.isArray(message.content)) {
    throw invalid(`messages.${index}.content: Input should be a valid string or list`);
  }
  return readContent(message.content);
}

/** The text of a content, which is a string or a list of blocks; blocks without text say nothing. */
function readContent(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((block: unknown) => (isRecord(block) && typeof block.text === 'string' ? block.text : ''))
    .join('\n');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): EmulatedException {
  return new EmulatedException('ValidationException', message);
}
