import type { JsonObject } from '../../models/json-object.js';
import type { OpenAiModelSettings } from '../../routing/model-alias.js';
import { type CachePoints, cacheMarksIn, createCachePoints } from './cache-points.js';
import type { Block } from './conversation.js';
import type { ModelRequest, TextFormat } from './model-request.js';
import { isClaude, reasoningKindOf, takesCachePoints, takesShortIds } from './model-traits.js';
import { forbidsThinking, planReasoning } from './plan-reasoning.js';
import { renderBlocks, renderMessages } from './render-messages.js';
import { createSafeNames, createShortIds, type SafeNames } from './safe-names.js';
import type { ToolRequest } from './tool-request.js';

/** The body of a Converse call, and what a client must know of it. */
export interface ConverseRequest {
  readonly body: JsonObject;
  /** The names of the tools. */
  readonly names: SafeNames;
  /** The members of the client's request that the model does not get. */
  readonly dropped: readonly string[];
}

/** Writes a request for one model, by the rules of Converse. */
export function converseRequest(
  request: ModelRequest,
  modelId: string,
  settings: OpenAiModelSettings = {},
): ConverseRequest {
  const { conversation, tools: toolRequest } = request;
  const dropped = [...request.dropped];
  const names = createSafeNames();
  const ids = takesShortIds(modelId) ? createShortIds() : createSafeNames();
  const model = modelSettings(request, modelId, settings, dropped);

  const { tools } = toolRequest;
  const marks = [...tools, ...conversation.system, ...conversation.turns.flatMap(({ blocks }) => blocks)];
  const points = createCachePoints(takesCachePoints(modelId) ? cacheMarksIn(marks) : undefined);
  if (!takesCachePoints(modelId) && cacheMarksIn(marks) > 0) dropped.push('cache_control');

  // In this order the cache points of the tools come first, as the model reads them.
  const toolConfig = tools.length > 0 && toolConfigOf(toolRequest, model.choosesAlone, names, points);
  const system = renderBlocks([...conversation.system, ...formatInstruction(request.format)], points);
  const messages = renderMessages(conversation.turns, { names, ids, points, hasTools: tools.length > 0 });
  const outputConfig = { ...textFormat(request.format), ...(model.effort && { effort: model.effort }) };
  const inferenceConfig = inferenceConfigOf(request, model);
  const body = {
    ...request.settings,
    messages,
    ...(system.length > 0 && { system }),
    ...(Object.keys(inferenceConfig).length > 0 && { inferenceConfig }),
    ...(toolConfig && { toolConfig }),
    ...(Object.keys(model.fields).length > 0 && { additionalModelRequestFields: model.fields }),
    ...(Object.keys(outputConfig).length > 0 && { outputConfig }),
  };
  return { body, names, dropped: [...new Set(dropped)] };
}

/** What depends on the model. */
interface ModelSpecifics {
  readonly fields: JsonObject;
  readonly effort?: string | undefined;
  readonly maxTokens?: number | undefined;
  /** Whether the model thinks because the client asked for an effort: it then samples in its own way. */
  readonly samplesAlone: boolean;
  /** Whether the choice of tools is among `fields`, and may not stand in `toolConfig` too. */
  readonly choosesAlone: boolean;
}

function modelSettings(
  { conversation, tools, ...request }: ModelRequest,
  modelId: string,
  settings: OpenAiModelSettings,
  dropped: string[],
): ModelSpecifics {
  const kind = settings.reasoning ?? reasoningKindOf(modelId);
  const thinksAsClaude = isClaude(modelId) || kind === 'adaptive' || kind === 'budget';
  const maxTokens = request.maxTokens && Math.min(request.maxTokens, settings.maxTokens ?? Infinity);
  const plan = request.effort && kind && planReasoning(request.effort, kind, maxTokens);
  if (request.effort && !plan) dropped.push(request.effortMember);

  const takesOneCall = !tools.isParallel && thinksAsClaude && tools.tools.length > 0 && tools.choice === 'auto';
  if (!tools.isParallel && !takesOneCall) dropped.push('parallel_tool_calls');

  const fields: Record<string, unknown> = {
    ...plan?.fields,
    ...(takesOneCall && { tool_choice: { type: 'auto', disable_parallel_tool_use: true } }),
    ...settings.additionalModelRequestFields,
    ...request.fields,
  };
  const isForced = tools.tools.length > 0 && tools.choice !== 'auto';
  if (thinksAsClaude && forbidsThinking(fields['thinking'], isForced, conversation.turns)) {
    dropped.push('thinking' in request.fields ? 'thinking' : request.effortMember);
    delete fields['thinking'];
  }
  const planned = plan?.fields['thinking'];
  const samplesAlone = planned !== undefined && fields['thinking'] === planned;
  if (samplesAlone) {
    if (request.temperature !== undefined) dropped.push('temperature');
    if (request.topP !== undefined) dropped.push('top_p');
    if ('top_k' in fields) dropped.push('top_k');
    delete fields['top_k'];
  }
  return {
    fields,
    effort: plan?.effort,
    maxTokens: maxTokens ?? (samplesAlone ? plan?.maxTokens : undefined),
    samplesAlone,
    choosesAlone: takesOneCall,
  };
}

function inferenceConfigOf(
  { temperature, topP, stopSequences }: ModelRequest,
  { maxTokens, samplesAlone }: ModelSpecifics,
): JsonObject {
  return {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && !samplesAlone && { temperature: Math.min(Math.max(temperature, 0), 1) }),
    ...(topP !== undefined && !samplesAlone && { topP }),
    ...(stopSequences.length > 0 && { stopSequences }),
  };
}

function toolConfigOf(
  { tools, choice }: ToolRequest,
  choosesAlone: boolean,
  names: SafeNames,
  points: CachePoints,
): JsonObject {
  const specs = tools.flatMap(({ name, description, parameters, strict, cache }) => [
    {
      toolSpec: {
        name: names.of(name),
        ...(description?.trim() && { description }),
        inputSchema: { json: parameters },
        ...(strict && { strict }),
      },
    },
    ...points.behind(cache),
  ]);
  if (choosesAlone || choice === 'auto') return { tools: specs };
  const toolChoice = choice === 'required' ? { any: {} } : { tool: { name: names.of(choice.name) } };
  return { tools: specs, toolChoice };
}

function formatInstruction({ type }: TextFormat): readonly Block[] {
  return type === 'json_object' ? [{ type: 'text', text: 'Answer with one JSON object and nothing else.' }] : [];
}

function textFormat(format: TextFormat): JsonObject {
  if (format.type !== 'json_schema') return {};
  const { schema, name, description } = format;
  const jsonSchema = { schema: JSON.stringify(schema), ...(name && { name }), ...(description && { description }) };
  return { textFormat: { type: 'json_schema', structure: { jsonSchema } } };
}
