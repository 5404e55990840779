import { randomUUID } from 'node:crypto';
import type { AnswerSummary } from '../answers/answer-format.js';
import type { AnswerBlock } from '../answers/block-answer-format.js';
import { composeAnswer, countTokens, splitWords } from './compose-answer.js';
import { signThought } from './families/claude-thinking.js';
import type { Prompt } from './families/model-family.js';
import type { CacheUse } from './prompt-cache.js';

/** The answer of an emulated model, before it is put into a format. */
export interface WrittenAnswer {
  readonly blocks: readonly AnswerBlock[];
  readonly summary: AnswerSummary;
}

/** The prompt that real Claude models answer with redacted thinking. */
const redactionTrigger = 'ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING';

/** Writes the answer to a prompt: thinking, text and tool calls, up to the token limit. */
export function writeAnswer(prompt: Prompt, cached: CacheUse | undefined): WrittenAnswer {
  const id = randomUUID();
  const { text, stopSequence } = stopAt(say(prompt), prompt.stopSequences ?? []);
  const calls = stopSequence === undefined ? (prompt.calls ?? []) : [];
  const { blocks, outputTokens, isCut } = cut(
    [
      ...think(prompt),
      ...(text === '' ? [] : [{ type: 'text', pieces: splitWords(text) } as const]),
      ...calls.map(call),
    ],
    prompt.maxTokens,
  );
  const inputTokens = prompt.inputTokens - (cached ? cached.cacheReadTokens + cached.cacheWriteTokens : 0);
  return {
    blocks,
    summary: {
      id,
      stopReason: isCut ? 'length' : calls.length > 0 ? 'tool' : 'stop',
      ...(stopSequence !== undefined && !isCut && { stopSequence }),
      usage: { inputTokens, outputTokens, ...cached },
    },
  };
}

function say({ text, calls = [], mayAnnounce }: Prompt): string {
  if (calls.length === 0) return composeAnswer(text);
  return mayAnnounce ? `I will call ${calls.map(({ name }) => name).join(' and ')}.` : '';
}

function think({ text, thinking }: Prompt): readonly AnswerBlock[] {
  if (thinking === undefined) return [];
  if (text.includes(redactionTrigger)) {
    return [{ type: 'redacted', pieces: [], data: Buffer.from('a thought that nobody reads').toString('base64') }];
  }
  const thought = thinking === 'hidden' ? '' : `Somebody sent me ${text.length} characters. I will say so.`;
  return [
    {
      type: 'thinking',
      pieces: splitWords(thought),
      ...(thinking !== 'unsigned' && { signature: signThought(thought) }),
    },
  ];
}

/** A tool call in short pieces, which can split any word of its input. */
function call({ id, name, input }: NonNullable<Prompt['calls']>[number]): AnswerBlock {
  const isEmpty = Object.keys(input).length === 0;
  return { type: 'tool', id, name, pieces: isEmpty ? [] : (JSON.stringify(input).match(/.{1,9}/gsu) ?? []) };
}

function stopAt(text: string, stopSequences: readonly string[]): { text: string; stopSequence?: string } {
  let end = text.length;
  let stopSequence: string | undefined;
  for (const sequence of stopSequences) {
    const at = sequence === '' ? -1 : text.indexOf(sequence);
    if (at === -1 || at >= end) continue;
    end = at;
    stopSequence = sequence;
  }
  return stopSequence === undefined ? { text } : { text: text.slice(0, end), stopSequence };
}

/** The blocks up to the token limit. The last block keeps the pieces before the limit. */
function cut(blocks: readonly AnswerBlock[], maxTokens: number) {
  const kept: AnswerBlock[] = [];
  let outputTokens = 0;
  for (const block of blocks) {
    const pieces: string[] = [];
    for (const piece of block.pieces) {
      if (outputTokens + countTokens(piece) > maxTokens) break;
      outputTokens += countTokens(piece);
      pieces.push(piece);
    }
    if (pieces.length < block.pieces.length) {
      return { blocks: pieces.length > 0 ? [...kept, { ...block, pieces }] : kept, outputTokens, isCut: true };
    }
    kept.push(block);
  }
  return { blocks: kept, outputTokens, isCut: false };
}
