import type { AnswerBlock } from '../../answers/block-answer-format.js';
import { splitWords } from '../compose-answer.js';
import type { WrittenAnswer } from '../write-answer.js';
import type { GuardrailCall } from './guardrail-call.js';

const words = { blocksInput: 'forbidden', blocksOutput: 'unspeakable', masked: 'confidential' };
const mask = '{CONFIDENTIAL}';
const blockedInput = 'The guardrail blocked the input.';
const blockedOutput = 'The guardrail blocked the output.';

/** What a guardrail made of an answer. */
export interface JudgedAnswer extends WrittenAnswer {
  readonly action: 'INTERVENED' | 'NONE';
  /** The model was not asked. */
  readonly isInputBlocked: boolean;
  /** The trace of the guardrail, if the call asks for it. It has the answer from before the guardrail changed it. */
  readonly trace?: object;
}

/**
 * The answer of a model as a guardrail lets it through. The word `forbidden` in the prompt blocks it, `unspeakable` in the answer blocks the
 * answer, and `confidential` in the answer is masked. An asynchronous guardrail masks nothing in a stream, and blocks after the text.
 */
export function judgeAnswer(
  prompt: string,
  answer: WrittenAnswer,
  guardrail: GuardrailCall,
  isStreamed: boolean,
): JudgedAnswer {
  const trace = (details: object) => (guardrail.isTraced ? { trace: { guardrail: details } } : {});
  if (prompt.includes(words.blocksInput)) {
    return {
      blocks: [{ type: 'text', pieces: [blockedInput] }],
      summary: { ...answer.summary, stopReason: 'filter', usage: { inputTokens: 0, outputTokens: 0 } },
      action: 'INTERVENED',
      isInputBlocked: true,
      ...trace({ actionReason: 'Guardrail blocked.' }),
    };
  }
  const said = answer.blocks.flatMap(({ pieces }) => pieces).join('');
  const isLate = isStreamed && guardrail.isAsync;
  const isBlocked = said.includes(words.blocksOutput);
  const isMasked = !isBlocked && !isLate && said.includes(words.masked);
  const isIntervened = isBlocked || isMasked;
  const blocks = isBlocked ? block(answer.blocks, isLate) : isMasked ? answer.blocks.map(maskBlock) : answer.blocks;
  return {
    ...answer,
    blocks,
    action: isIntervened ? 'INTERVENED' : 'NONE',
    isInputBlocked: false,
    ...trace(
      isIntervened ? { modelOutput: [said], actionReason: `Guardrail ${isBlocked ? 'blocked' : 'masked'}.` } : {},
    ),
  };
}

function block(blocks: readonly AnswerBlock[], isLate: boolean): readonly AnswerBlock[] {
  if (!isLate) return [{ type: 'text', pieces: [blockedOutput] }];
  const last = blocks.at(-1);
  // One channel: a client reads one text.
  if (last?.type === 'text') return [...blocks.slice(0, -1), { ...last, pieces: [...last.pieces, blockedOutput] }];
  return [...blocks, { type: 'text', pieces: [blockedOutput] }];
}

function maskBlock(each: AnswerBlock): AnswerBlock {
  return { ...each, pieces: splitWords(each.pieces.join('').replaceAll(words.masked, mask)) };
}
