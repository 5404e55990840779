import type { Usage } from '../ports/model-invoker.js';
import type { ChunkReading, ContentEvent, ModelFamily } from './chunk-reading.js';
import { joinTexts, readText, reasoningContent, toolCallArguments, toolCallStart, usageOf } from './chunk-reading.js';
import { countAt, indexAt, isJsonObject, type JsonObject, objectAt, stopReasonAt, stringAt } from './json-object.js';

/**
 * The format with `choices`: the open models of OpenAI and many compatible ones, Mistral chat, AI21 Jamba, DeepSeek R1, Writer, imported
 * models and Marketplace endpoints. If a model writes its reasoning into its text, between tags, it stays in the text.
 */
export const chatCompletions: ModelFamily = {
  name: 'chat-completions',
  isText: true,
  matches: (chunk) => Array.isArray(chunk.choices),
  read(chunk): ChunkReading {
    const usage = readCounters(chunk.usage);
    const choice = firstChoice(chunk.choices);
    if (!choice) return { usage };
    // Mistral chat streams its deltas as `message`.
    const delta = objectAt(choice, 'delta');
    const message = objectAt(choice, 'message');
    const text = readText(firstText(delta?.content, message?.content, choice.text));
    const extras = readExtras(delta ?? message);
    return {
      ...(extras.length === 0 ? text : joinTexts([{ content: extras }, text])),
      // `stop_reason` can also be a number: the id of a token.
      stopReason: stopReasonAt(choice, 'finish_reason') ?? stopReasonAt(choice, 'stop_reason'),
      usage,
    };
  },
};

/** The choice with index 0. A plain loop, because it runs for every chunk. */
function firstChoice(choices: unknown): JsonObject | undefined {
  if (!Array.isArray(choices)) return undefined;
  for (const choice of choices) if (isJsonObject(choice) && indexAt(choice, 'index') === 0) return choice;
  return undefined;
}

/** The first text or list of parts; if there is none, the first value of another type. */
function firstText(first: unknown, second: unknown, third: unknown): unknown {
  if (isText(first)) return first;
  if (isText(second)) return second;
  return isText(third) ? third : (first ?? second ?? third);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || Array.isArray(value);
}

/** Reads reasoning and tool calls. */
function readExtras(delta: JsonObject | undefined): readonly ContentEvent[] {
  if (!delta) return [];
  const reasoning = reasoningContent(stringAt(delta, 'reasoning_content') ?? stringAt(delta, 'reasoning'));
  const calls = delta.tool_calls;
  return Array.isArray(calls) ? [...reasoning, ...calls.filter(isJsonObject).flatMap(readToolCall)] : reasoning;
}

/** Only the first piece of a call has a name. If a call has no index, its position in the list is used. */
function readToolCall(call: JsonObject, position: number): readonly ContentEvent[] {
  const index = countAt(call, 'index') ?? position;
  const called = objectAt(call, 'function');
  const name = stringAt(called, 'name');
  const pieces = toolCallArguments(index, called?.arguments);
  return name === undefined ? pieces : [toolCallStart(index, call.id, name), ...pieces];
}

/** `prompt_tokens` includes the tokens that were read from a cache. */
function readCounters(usage: unknown): Usage | undefined {
  const prompt = countAt(usage, 'prompt_tokens');
  const cached = countAt(objectAt(usage, 'prompt_tokens_details'), 'cached_tokens');
  return usageOf({
    inputTokens: prompt === undefined ? undefined : Math.max(prompt - (cached ?? 0), 0),
    outputTokens: countAt(usage, 'completion_tokens'),
    cacheReadTokens: cached,
    cacheWriteTokens: undefined,
  });
}
