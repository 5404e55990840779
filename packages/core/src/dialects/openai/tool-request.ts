import { isJsonObject, type JsonObject } from '../../models/json-object.js';
import { readCacheMark } from './content-parts.js';
import type { CacheMark } from './conversation.js';
import {
  invalid,
  readBoolean,
  readList,
  readObject,
  readString,
  readWord,
  requireObject,
  requireString,
  unsupportedParameter,
} from './request-members.js';

/** A function that a model may call. */
export interface Tool {
  readonly name: string;
  readonly description?: string | undefined;
  /** A JSON schema. */
  readonly parameters: JsonObject;
  readonly strict: boolean;
  readonly cache?: CacheMark | undefined;
}

/** The tools of a request, and whether the model may choose one, must choose one, or must choose the one that is named. */
export interface ToolRequest {
  readonly tools: readonly Tool[];
  readonly choice: 'auto' | 'required' | { readonly name: string };
  /** Whether the model may call several at once. */
  readonly isParallel: boolean;
}

/** Reads `tools` of a chat completion and what goes with them. */
export function readTools(members: JsonObject): ToolRequest {
  const listed = (readList(members['tools'], 'tools') ?? []).map((tool, index) => readTool(tool, `tools[${index}]`));
  return readToolRequest(members, listed, readNamedChoice);
}

/** The tools that a client lets the model choose from. */
export interface ChosenTools {
  readonly tools: readonly Tool[];
  readonly choice: ToolRequest['choice'] | 'none';
}

/**
 * What goes with the tools of a request. Without tools, or with the choice `none`, there are no tools. `readNamed` reads a choice that is
 * an object.
 */
export function readToolRequest(
  members: JsonObject,
  listed: readonly Tool[],
  readNamed: (choice: JsonObject, tools: readonly Tool[]) => ChosenTools,
): ToolRequest {
  const isParallel = readBoolean(members['parallel_tool_calls'], 'parallel_tool_calls') ?? true;
  const choice = members['tool_choice'];
  const { tools, choice: chosen } = isJsonObject(choice)
    ? readNamed(choice, listed)
    : { tools: listed, choice: readWord(choice, 'tool_choice', ['auto', 'none', 'required']) ?? 'auto' };
  return chosen === 'none' ? { tools: [], choice: 'auto', isParallel } : { tools, choice: chosen, isParallel };
}

export const noParameters: JsonObject = { type: 'object', properties: {} };

function readTool(value: unknown, path: string): Tool {
  const tool = requireObject(value, path);
  requireFunction(tool, path);
  const definition = requireObject(tool['function'], `${path}.function`);
  return {
    name: requireString(definition['name'], `${path}.function.name`),
    description: readString(definition['description'], `${path}.function.description`),
    parameters: readObject(definition['parameters'], `${path}.function.parameters`) ?? noParameters,
    strict: readBoolean(definition['strict'], `${path}.function.strict`) ?? false,
    cache: readCacheMark(tool) ?? readCacheMark(definition),
  };
}

function requireFunction({ type }: JsonObject, path: string): void {
  if (type === 'function') return;
  throw unsupportedParameter(`${path}.type`, 'Only tools of the type function are supported.');
}

function readNamedChoice(choice: JsonObject, tools: readonly Tool[]): ChosenTools {
  if (choice['type'] !== 'allowed_tools') {
    requireFunction(choice, 'tool_choice');
    const name = readToolName(choice, 'tool_choice', tools);
    return { tools, choice: tools.length === 0 ? 'auto' : { name } };
  }
  const path = 'tool_choice.allowed_tools';
  const allowed = requireObject(choice['allowed_tools'], path);
  const names = (readList(allowed['tools'], `${path}.tools`) ?? []).map((item, index) => {
    const toolPath = `${path}.tools[${index}]`;
    const tool = requireObject(item, toolPath);
    requireFunction(tool, toolPath);
    return readToolName(tool, toolPath, tools);
  });
  const mode = readWord(allowed['mode'], `${path}.mode`, ['auto', 'required']);
  return { tools: tools.filter(({ name }) => names.includes(name)), choice: mode ?? 'auto' };
}

/** The name of a function. Throws `invalid_request` if there are tools, and none has this name. */
function readToolName(holder: JsonObject, path: string, tools: readonly Tool[]): string {
  const name = requireString(requireObject(holder['function'], `${path}.function`)['name'], `${path}.function.name`);
  if (tools.length > 0 && !tools.some((tool) => tool.name === name)) {
    throw invalid(`${path}.function.name`, 'Name one of the tools of this request.');
  }
  return name;
}
