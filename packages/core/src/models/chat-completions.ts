import type { Usage } from '../ports/model-invoker.js';
import type { ChunkReading, ContentEvent, ModelFamily } from './chunk-reading.js';
import { reasoningContent, textContent, toolCallArguments, toolCallStart, usageOf } from './chunk-reading.js';
import { countAt, indexAt, isJsonObject, type JsonObject, objectAt, stringAt } from './json-object.js';

/**
 * All that speaks in `choices`: OpenAI's open models and the many that copy them, Mistral chat, AI21 Jamba, DeepSeek R1, Writer,
 * imported models and Marketplace endpoints. Reasoning that a model writes into its text, in whatever tags, stays there.
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
    const content = textContent(firstString(delta?.content, message?.content, choice.text));
    const aside = readAside(delta ?? message);
    return {
      content: aside.length === 0 ? content : [...aside, ...content],
      // A number there is the id of a token.
      stopReason: stringAt(choice, 'finish_reason') ?? stringAt(choice, 'stop_reason'),
      usage,
    };
  },
};

/** The choice of index 0, wherever it stands. This runs for every chunk, hence the plain loop. */
function firstChoice(choices: unknown): JsonObject | undefined {
  if (!Array.isArray(choices)) return undefined;
  for (const choice of choices) if (isJsonObject(choice) && indexAt(choice, 'index') === 0) return choice;
  return undefined;
}

function firstString(first: unknown, second: unknown, third: unknown): unknown {
  if (typeof first === 'string') return first;
  return typeof second === 'string' ? second : third;
}

/** What is said beside the text: reasoning and tool calls. */
function readAside(delta: JsonObject | undefined): readonly ContentEvent[] {
  if (!delta) return [];
  const reasoning = reasoningContent(stringAt(delta, 'reasoning_content') ?? stringAt(delta, 'reasoning'));
  const calls = delta.tool_calls;
  return Array.isArray(calls) ? [...reasoning, ...calls.filter(isJsonObject).flatMap(readToolCall)] : reasoning;
}

/** The first piece of a call names it; without an index its place in the list tells which call it is. */
function readToolCall(call: JsonObject, place: number): readonly ContentEvent[] {
  const index = countAt(call, 'index') ?? place;
  const called = objectAt(call, 'function');
  const name = stringAt(called, 'name');
  const pieces = toolCallArguments(index, called?.arguments);
  return name === undefined ? pieces : [toolCallStart(index, call.id, name), ...pieces];
}

/** `prompt_tokens` counts what was read from a cache as well. */
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
