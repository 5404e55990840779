import { invalid } from '../emulated-exception.js';
import { isRecord, type Payload } from '../payload.js';
import { hasTrait } from './model-traits.js';

/** The type that each member of a request must have. Bedrock refuses any other member, such as those of Anthropic's own API. */
const memberTypes = {
  anthropic_version: 'string',
  anthropic_beta: 'list of strings',
  max_tokens: 'integer',
  messages: 'list',
  system: 'string or list',
  stop_sequences: 'list of strings',
  temperature: 'number',
  top_p: 'number',
  top_k: 'integer',
  tools: 'list',
  tool_choice: 'dictionary',
  thinking: 'dictionary',
  metadata: 'dictionary',
  output_config: 'dictionary',
  output_format: 'dictionary',
  context_management: 'dictionary',
  cache_control: 'dictionary',
} as const satisfies Record<string, ValueType>;

type ValueType = 'string' | 'number' | 'integer' | 'list' | 'list of strings' | 'string or list' | 'dictionary';

const isText = (value: unknown) => typeof value === 'string';

const hasType: Readonly<Record<ValueType, (value: unknown) => boolean>> = {
  string: isText,
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  list: Array.isArray,
  'list of strings': (value) => Array.isArray(value) && value.every(isText),
  'string or list': (value) => isText(value) || Array.isArray(value),
  dictionary: isRecord,
};

/** The required members of each type of block. Other members are not checked. */
const blockTypes: Readonly<Record<string, Readonly<Record<string, ValueType>>>> = {
  text: { text: 'string' },
  image: { source: 'dictionary' },
  document: { source: 'dictionary' },
  search_result: {},
  tool_use: { id: 'string', name: 'string', input: 'dictionary' },
  tool_result: { tool_use_id: 'string' },
  thinking: { thinking: 'string', signature: 'string' },
  redacted_thinking: { data: 'string' },
  server_tool_use: {},
  tool_search_tool_result: {},
  tool_reference: {},
  compaction: {},
};

/** The types of tools on Bedrock. A tool without a type is `custom`. The tools that Anthropic's servers run are not available. */
const toolType = /^(?:custom|(?:bash|text_editor|computer|memory|tool_search_tool)_\w+)$/;

/**
 * Throws an `EmulatedException` with Anthropic's message if a request to Claude's Messages API lacks Bedrock's version, has a member that
 * Bedrock does not know, or has content of the wrong type. UNCONFIRMED: which of several faults is reported first.
 */
export function checkClaudeRequest(payload: Payload, modelName: string): void {
  checkVersion(payload.anthropic_version, modelName);
  for (const [name, value] of Object.entries(payload)) {
    if (!isMember(name) || (name === 'cache_control' && !hasTrait(modelName, 'isClaude47OrLater'))) {
      throw invalid(`${name}: Extra inputs are not permitted`);
    }
    checkType(value, memberTypes[name], name);
  }
  checkBlocks(payload.system, 'system');
  if (Array.isArray(payload.tools)) payload.tools.forEach(checkTool);
  if (!Array.isArray(payload.messages)) return;
  for (const [index, message] of payload.messages.entries()) {
    if (isRecord(message)) checkBlocks(message.content, `messages.${index}.content`);
  }
}

function isMember(name: string): name is keyof typeof memberTypes {
  return Object.hasOwn(memberTypes, name);
}

/** UNCONFIRMED: Bedrock's sentence for a wrong version. */
function checkVersion(version: unknown, modelName: string): void {
  if (version === undefined) throw invalid('anthropic_version: Field required');
  const isNewer = version === '2026-10-21' && hasTrait(modelName, 'isClaude47OrLater');
  if (version !== 'bedrock-2023-05-31' && !isNewer) {
    throw invalid("anthropic_version: Input should be 'bedrock-2023-05-31'");
  }
}

function checkType(value: unknown, type: ValueType, path: string): void {
  if (!hasType[type](value)) throw invalid(`${path}: Input should be a valid ${type}`);
}

function checkMember(block: Payload, name: string, type: ValueType, path: string): void {
  if (block[name] === undefined) throw invalid(`${path}.${name}: Field required`);
  checkType(block[name], type, `${path}.${name}`);
}

/** The content of a message, of a tool result, or of the system prompt, unless it is a string. */
function checkBlocks(content: unknown, path: string): void {
  if (!Array.isArray(content)) return;
  for (const [index, block] of content.entries()) checkBlock(block, `${path}.${index}`);
}

function checkBlock(block: unknown, path: string): void {
  if (!isRecord(block)) throw invalid(`${path}: Input should be a valid dictionary`);
  const { type, content } = block;
  if (type === undefined) throw invalid(`${path}.type: Field required`);
  const members = typeof type === 'string' && Object.hasOwn(blockTypes, type) ? blockTypes[type] : undefined;
  if (members === undefined) throw unexpectedTag(type, Object.keys(blockTypes), path);
  for (const [name, member] of Object.entries(members)) checkMember(block, name, member, `${path}.${type}`);
  if (type !== 'tool_result' || content === undefined) return;
  checkType(content, 'string or list', `${path}.tool_result.content`);
  checkBlocks(content, `${path}.tool_result.content`);
}

function checkTool(tool: unknown, index: number): void {
  const path = `tools.${index}`;
  if (!isRecord(tool)) throw invalid(`${path}: Input should be a valid dictionary`);
  const { type = 'custom' } = tool;
  if (typeof type !== 'string' || !toolType.test(type)) throw unexpectedTag(type, ['bash_20250124', 'custom'], path);
  if (type !== 'custom') return;
  checkMember(tool, 'name', 'string', `${path}.custom`);
  checkMember(tool, 'input_schema', 'dictionary', `${path}.custom`);
}

function unexpectedTag(tag: unknown, expected: readonly string[], path: string) {
  const tags = expected.map((name) => `'${name}'`).join(', ');
  return invalid(
    `${path}: Input tag '${String(tag)}' found using 'type' does not match any of the expected tags: ${tags}`,
  );
}
