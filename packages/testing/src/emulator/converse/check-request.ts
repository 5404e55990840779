import { malformed } from '../emulated-exception.js';
import { isRecord, membersOf, type Payload, recordsIn } from '../payload.js';
import { constraint, type Turn } from './conversation.js';

const members: ReadonlySet<string> = new Set([
  'messages',
  'system',
  'inferenceConfig',
  'toolConfig',
  'guardrailConfig',
  'additionalModelRequestFields',
  'additionalModelResponseFieldPaths',
  'promptVariables',
  'requestMetadata',
  'performanceConfig',
  'serviceTier',
  'outputConfig',
]);

/** The ranges of the inference settings. */
const ranges = { maxTokens: [1, Number.POSITIVE_INFINITY], temperature: [0, 1], topP: [0, 1] } as const;

const longestName = 64;

/** Throws an `EmulatedException` if the API model of Converse forbids the request for every model. */
export function checkRequest(payload: Payload, turns: readonly Turn[]): void {
  const unknown = Object.keys(payload).find((key) => !members.has(key));
  // UNCONFIRMED at the top level. The sentence is the one for additionalModelRequestFields.
  if (unknown !== undefined) throw malformed(`extraneous key [${unknown}] is not permitted`);
  if (isRecord(payload.inferenceConfig)) checkRanges(payload.inferenceConfig);
  if (payload.toolConfig !== undefined) checkTools(isRecord(payload.toolConfig) ? payload.toolConfig : {});
  for (const [turnIndex, { content }] of turns.entries()) {
    for (const [index, block] of content.entries()) {
      if (block.kind !== 'toolUse' && block.kind !== 'toolResult') continue;
      const path = `messages.${turnIndex + 1}.member.content.${index + 1}.member.${block.kind}`;
      const { toolUseId, name } = membersOf(block.value);
      checkName(toolUseId, `${path}.toolUseId`);
      if (block.kind === 'toolUse') checkName(name, `${path}.name`);
    }
  }
}

function checkRanges(inferenceConfig: Payload): void {
  for (const [name, [least, most]] of Object.entries(ranges)) {
    const value = inferenceConfig[name];
    if (value === undefined || value === null) continue;
    const path = `inferenceConfig.${name}`;
    if (typeof value !== 'number') throw constraint(path, 'Member must be a number', value);
    if (value < least) throw constraint(path, `Member must have value greater than or equal to ${least}`, value);
    if (value > most) throw constraint(path, `Member must have value less than or equal to ${most}`, value);
  }
}

function checkTools({ tools }: Payload): void {
  if (tools === undefined) throw constraint('toolConfig.tools', 'Member must not be null');
  if (recordsIn(tools).length === 0) {
    throw constraint('toolConfig.tools', 'Member must have length greater than or equal to 1', tools);
  }
  for (const [index, { toolSpec }] of recordsIn(tools).entries()) {
    if (isRecord(toolSpec)) checkName(toolSpec.name, `toolConfig.tools.${index + 1}.member.toolSpec.name`);
  }
}

function checkName(name: unknown, path: string): void {
  if (typeof name !== 'string') throw constraint(path, 'Member must not be null');
  if (!/^[a-zA-Z0-9_-]+$/.test(name)) {
    throw constraint(path, 'Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+', name);
  }
  if (name.length > longestName) {
    throw constraint(path, `Member must have length less than or equal to ${longestName}`, name);
  }
}
