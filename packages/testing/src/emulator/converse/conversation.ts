import { invalid } from '../emulated-exception.js';
import { isRecord, membersOf, recordsIn } from '../payload.js';

/** The kinds of content blocks in a Converse message. */
export const contentKinds = [
  'text',
  'image',
  'document',
  'video',
  'audio',
  'toolUse',
  'toolResult',
  'guardContent',
  'cachePoint',
  'reasoningContent',
  'citationsContent',
  'searchResult',
  'toolAddition',
  'toolRemoval',
] as const;

/** A block of a message: its kind, and the value of its only member. */
export interface ContentBlock {
  readonly kind: (typeof contentKinds)[number];
  readonly value: unknown;
  /** The path in the request, such as `messages.0.content.1`. */
  readonly path: string;
}

export interface Turn {
  readonly role: string;
  readonly content: readonly ContentBlock[];
}

/** The turns of a Converse request. Throws an `EmulatedException` if its messages are malformed. */
export function readConversation(messages: unknown): readonly Turn[] {
  if (messages === undefined) throw constraint('messages', 'Member must not be null');
  if (!Array.isArray(messages)) throw invalid('The messages field must be a list.');
  return messages.map((message: unknown, index) => {
    const { role, content } = membersOf(message);
    if (role !== 'user' && role !== 'assistant' && role !== 'system') {
      throw constraint(
        `messages.${index + 1}.member.role`,
        'Member must satisfy enum value set: [user, assistant]',
        role,
      );
    }
    return { role, content: readContent(content, `messages.${index}.content`) };
  });
}

/** The blocks of a content list, which may be absent. */
export function readContent(content: unknown, path: string): readonly ContentBlock[] {
  if (content !== undefined && !Array.isArray(content)) throw invalid(`The ${path} field must be a list.`);
  return (content ?? []).map((block: unknown, index) => {
    const kind = contentKinds.find((candidate) => isRecord(block) && candidate in block);
    if (kind === undefined || !isRecord(block) || Object.keys(block).length !== 1) {
      throw invalid(
        `ContentBlock object at ${path}.${index} must set one of the following keys: ${contentKinds.join(', ')}.`,
      );
    }
    return { kind, value: block[kind], path: `${path}.${index}` };
  });
}

/** The text of a block. Pictures and documents have none. */
export function saidBy({ kind, value }: Pick<ContentBlock, 'kind' | 'value'>): string {
  const members = membersOf(value);
  switch (kind) {
    case 'text':
      return String(value);
    case 'toolUse':
      return JSON.stringify(members.input ?? {});
    case 'reasoningContent':
      return isRecord(members.reasoningText) ? String(members.reasoningText.text ?? '') : '';
    case 'guardContent':
      return isRecord(members.text) ? String(members.text.text ?? '') : '';
    default:
      return recordsIn(members.content)
        .map(({ text, json }) => (json === undefined ? String(text ?? '') : JSON.stringify(json)))
        .join('\n');
  }
}

/** The refusal of a value that Bedrock's API model does not allow. Its paths count list members from one. */
export function constraint(path: string, rule: string, value?: unknown) {
  const shown = value === undefined ? 'Value' : `Value '${typeof value === 'string' ? value : JSON.stringify(value)}'`;
  return invalid(`1 validation error detected: ${shown} at '${path}' failed to satisfy constraint: ${rule}`);
}
