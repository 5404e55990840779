import { randomBytes } from 'node:crypto';
import { invalid } from '../emulated-exception.js';
import { hasTrait } from '../families/model-traits.js';
import type { Tool, ToolSituation } from '../families/tool-calls.js';
import { isRecord, membersOf, type Payload, recordsIn } from '../payload.js';
import { cachePoint, type PromptPart } from '../prompt-cache.js';
import { checkCachePoint, fromModel } from './check-turns.js';

/** The tools of a Converse request. */
export interface OfferedTools {
  readonly tools: readonly Tool[];
  readonly choice: ToolSituation['choice'];
  /** The tools as a part of the prompt. */
  readonly parts: readonly PromptPart[];
}

/** Reads the tools and the tool choice. Throws an `EmulatedException` if Bedrock refuses them. */
export function readTools({ toolConfig, additionalModelRequestFields }: Payload, modelName: string): OfferedTools {
  const { tools, toolChoice } = membersOf(toolConfig);
  const listed = recordsIn(tools);
  if (listed.some((tool) => 'cachePoint' in tool)) checkCachePoint(modelName);
  return {
    tools: listed.flatMap(({ toolSpec }) => {
      const { name, inputSchema } = membersOf(toolSpec);
      return isRecord(toolSpec) ? [{ name: String(name), schema: membersOf(inputSchema).json }] : [];
    }),
    choice: readChoice(toolChoice, membersOf(additionalModelRequestFields).tool_choice),
    parts: listed.map((tool) => ('cachePoint' in tool ? cachePoint : JSON.stringify(tool))),
  };
}

/** An id for a tool call, in the format of the model. */
export function newToolId(modelName: string): string {
  const bytes = randomBytes(16);
  if (hasTrait(modelName, 'takesShortToolIds')) return bytes.toString('hex').slice(0, 9);
  return `tooluse_${bytes.toString('base64url')}`;
}

/** The tool choice of Converse or of Claude's own request. A request can have only one of them. */
function readChoice(toolChoice: unknown, claudeChoice: unknown): ToolSituation['choice'] {
  const [kind] = Object.keys(membersOf(toolChoice));
  if (kind !== undefined && claudeChoice !== undefined) {
    throw invalid(
      `The additional field tool_choice/type conflicts with the existing field toolConfig.toolChoice.${kind}. Remove tool_choice/type and try again.`,
    );
  }
  const { type, name } = membersOf(claudeChoice);
  if (claudeChoice !== undefined && type === undefined) throw fromModel('tool_choice.type: Field required');
  if (kind === 'tool') return { name: String(membersOf(membersOf(toolChoice).tool).name) };
  if (type === 'tool') return { name: String(name) };
  if (kind === 'any' || type === 'any') return 'any';
  return type === 'none' ? 'none' : 'auto';
}
