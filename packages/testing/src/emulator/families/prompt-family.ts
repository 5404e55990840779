import type { AnswerFormat } from '../../answers/answer-format.js';
import { textOnly } from '../../answers/block-answer-format.js';
import type { WholeAnswerFormat } from '../../answers/whole-answers.js';
import { countTokens } from '../compose-answer.js';
import { malformed } from '../emulated-exception.js';
import { isRecord } from '../payload.js';
import type { ModelFamily } from './model-family.js';

/** The place of each value in a request, as a path of members. */
export interface RequestShape {
  readonly prompt: readonly string[];
  /** Absent for models whose answers have no text. */
  readonly maxTokens?: readonly string[];
}

const defaultMaxTokens = 512;

/** A family whose requests hold one prompt: a string, a list of strings, or messages. */
export function promptFamily(
  answer: AnswerFormat | WholeAnswerFormat,
  { prompt, maxTokens }: RequestShape,
): ModelFamily {
  return {
    answer: textOnly(answer),
    readPrompt(payload) {
      const extraneous = ['modelId', 'stream'].find((key) => key in payload);
      if (extraneous) throw malformed(`extraneous key [${extraneous}] is not permitted`);
      const said = textOf(follow(payload, prompt));
      if (said === undefined) throw malformed(`required key [${prompt.join('.')}] not found`);
      return {
        text: said.at(-1) ?? '',
        inputTokens: countTokens(said.join('')),
        maxTokens: maxTokens ? limitAt(payload, maxTokens) : 0,
      };
    },
  };
}

function limitAt(payload: unknown, path: readonly string[]): number {
  const limit = follow(payload, path) ?? defaultMaxTokens;
  if (typeof limit === 'number' && Number.isInteger(limit) && limit > 0) return limit;
  throw malformed(`${path.join('.')}: expected a positive integer, found ${JSON.stringify(limit)}`);
}

function follow(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);
}

/** The texts of the prompt. Undefined if the value cannot be a prompt. */
function textOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.map((item: unknown) => (isRecord(item) ? contentOf(item.content ?? item.text) : String(item)));
}

function contentOf(content: unknown): string {
  return textOf(content)?.join('\n') ?? '';
}
