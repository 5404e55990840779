import type { JsonObject } from '../../../models/json-object.js';
import { readCacheMark } from '../content-parts.js';
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
} from '../request-members.js';
import { type ChosenTools, noParameters, readToolRequest, type Tool, type ToolRequest } from '../tool-request.js';

/** How a client knows a tool. */
export interface ToolOrigin {
  readonly name: string;
  readonly namespace?: string;
  /** Whether its input is text, and no JSON. */
  readonly isCustom: boolean;
}

/** The tools of a request of the Responses API. */
export interface ResponseTools {
  readonly request: ToolRequest;
  /** The tools as the answer repeats them. */
  readonly echo: readonly JsonObject[];
  /** What was left out. */
  readonly dropped: readonly string[];
  /** The client's tool behind a name of the model's. A name that is unknown is one of a function. */
  originOf(name: string): ToolOrigin;
}

/** One tool, read. */
interface ReadTool {
  readonly tool: Tool;
  readonly origin: ToolOrigin;
  readonly echo: JsonObject;
}

/** Tools that no model of Bedrock has, and that Codex sends with every request. An answer without them is still an answer. */
const leftOut = /^(?:web_search.*|tool_search|image_generation)$/;

/** The name for a model of a tool in a namespace. */
export function toolName(name: string, namespace?: string): string {
  return namespace === undefined ? name : `${namespace}__${name}`;
}

/** Reads `tools` and what goes with them. Throws `unsupported_parameter` for a tool that only OpenAI has. */
export function readResponseTools(members: JsonObject): ResponseTools {
  const listed = readList(members['tools'], 'tools') ?? [];
  const read: ReadTool[] = [];
  const echo: JsonObject[] = [];
  const dropped: string[] = [];
  for (const [index, value] of listed.entries()) {
    const path = `tools[${index}]`;
    const tool = requireObject(value, path);
    const type = requireString(tool['type'], `${path}.type`);
    if (leftOut.test(type)) {
      dropped.push(`tools.${type}`);
    } else if (type === 'namespace') {
      const { tools, shown } = readNamespace(tool, path);
      read.push(...tools);
      echo.push(shown);
    } else {
      const own = readTool(tool, path);
      read.push(own);
      echo.push(own.echo);
    }
  }
  const origins = new Map(read.map(({ tool, origin }) => [tool.name, origin]));
  if (origins.size < read.length) throw invalid('tools', 'Give each tool a name of its own.');
  const tools = read.map(({ tool }) => tool);
  const request = readToolRequest(members, tools, readNamedChoice);
  const { tool_choice: choice } = members;
  const choosesNone = tools.length === 0 && (choice === 'required' || (typeof choice === 'object' && choice !== null));
  return {
    request,
    echo,
    dropped: choosesNone ? [...dropped, 'tool_choice'] : dropped,
    originOf: (name) => origins.get(name) ?? { name, isCustom: false },
  };
}

function readNamespace(namespace: JsonObject, path: string) {
  const name = requireString(namespace['name'], `${path}.name`);
  const tools = (readList(namespace['tools'], `${path}.tools`) ?? []).map((tool, index) => {
    const toolPath = `${path}.tools[${index}]`;
    return readTool(requireObject(tool, toolPath), toolPath, name);
  });
  const description = readString(namespace['description'], `${path}.description`) ?? null;
  return { tools, shown: { type: 'namespace', name, description, tools: tools.map(({ echo }) => echo) } };
}

function readTool(tool: JsonObject, path: string, namespace?: string): ReadTool {
  const type = requireString(tool['type'], `${path}.type`);
  const isCustom = type === 'custom';
  if (type !== 'function' && !isCustom) {
    throw unsupportedParameter(`${path}.type`, 'Send tools of the types function, custom and namespace.');
  }
  const name = requireString(tool['name'], `${path}.name`);
  const description = readString(tool['description'], `${path}.description`);
  const origin = { name, isCustom, ...(namespace !== undefined && { namespace }) };
  const common = { name: toolName(name, namespace), cache: readCacheMark(tool) };
  if (isCustom) {
    const format = readObject(tool['format'], `${path}.format`) ?? { type: 'text' };
    return {
      tool: { ...common, description: withGrammar(description, format, path), parameters: textInput, strict: false },
      origin,
      echo: { type, name, description: description ?? null, format },
    };
  }
  const parameters = readObject(tool['parameters'], `${path}.parameters`);
  const strict = readBoolean(tool['strict'], `${path}.strict`);
  return {
    tool: { ...common, description, parameters: parameters ?? noParameters, strict: strict ?? false },
    origin,
    echo: { type, name, description: description ?? null, parameters: parameters ?? null, strict: strict ?? null },
  };
}

/** What a custom tool takes, as a model has to send it. */
const textInput: JsonObject = {
  type: 'object',
  properties: { input: { type: 'string', description: 'The whole input of the tool, as plain text.' } },
  required: ['input'],
};

/** No model on Bedrock is held to a grammar, but it can read one. */
function withGrammar(description: string | undefined, format: JsonObject, path: string): string | undefined {
  if (format['type'] !== 'grammar') return description;
  const syntax = readString(format['syntax'], `${path}.format.syntax`) ?? 'lark';
  const definition = requireString(format['definition'], `${path}.format.definition`);
  return `${description ?? ''}\n\nThe input must match this ${syntax} grammar:\n\n${definition}`.trim();
}

function readNamedChoice(choice: JsonObject, tools: readonly Tool[]): ChosenTools {
  if (choice['type'] !== 'allowed_tools') {
    const name = readChosenName(choice, 'tool_choice', tools);
    return { tools, choice: tools.length === 0 ? 'auto' : { name } };
  }
  const names = (readList(choice['tools'], 'tool_choice.tools') ?? []).flatMap((item, index) => {
    const path = `tool_choice.tools[${index}]`;
    const tool = requireObject(item, path);
    return leftOut.test(String(tool['type'])) ? [] : [readChosenName(tool, path, tools)];
  });
  const mode = readWord(choice['mode'], 'tool_choice.mode', ['auto', 'required']);
  return { tools: tools.filter(({ name }) => names.includes(name)), choice: mode ?? 'auto' };
}

/** The name for the model of a tool that a choice names. Throws `invalid_request` if there are tools, and none has this name. */
function readChosenName(choice: JsonObject, path: string, tools: readonly Tool[]): string {
  if (choice['type'] !== 'function' && choice['type'] !== 'custom') {
    throw unsupportedParameter(`${path}.type`, 'Choose a tool of the type function or custom.');
  }
  const name = requireString(choice['name'], `${path}.name`);
  const joined = toolName(name, readString(choice['namespace'], `${path}.namespace`));
  if (tools.length > 0 && !tools.some((tool) => tool.name === joined)) {
    throw invalid(`${path}.name`, 'Name one of the tools of this request.');
  }
  return joined;
}
