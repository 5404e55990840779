import type { Block, CallBlock, Conversation, Message, ResultBlock, Turn } from './conversation.js';
import { invalid } from './request-members.js';

/** How an API names the parts of a conversation, for refusals. */
export interface ConversationWords {
  /** The member that holds the conversation. */
  readonly conversation: string;
  /** The member of a call with its id. */
  readonly callId: string;
  /** The member of a result with the id of its call. */
  readonly resultId: string;
  /** How to send the result of a call. */
  readonly adviceForResult: string;
}

/**
 * A conversation in the order of Converse. Leading messages of the system are its system prompt. Throws `invalid_request` if calls and
 * results do not match, or if nobody but the assistant said anything.
 */
export function arrangeConversation(messages: readonly Message[], words: ConversationWords): Conversation {
  const first = messages.findIndex(({ role }) => role !== 'system');
  const leading = messages.slice(0, first === -1 ? messages.length : first);
  return {
    system: withoutBlanks(leading.flatMap(({ blocks }) => blocks)),
    turns: arrangeTurns(messages.slice(leading.length).map(turnOf), words),
  };
}

/** System text within a conversation stays where it is: moved to the front it would be read too early, and spoil the prompt cache. */
function turnOf({ role, blocks }: Message): Turn {
  if (role !== 'system') return { role, blocks };
  const texts = blocks.flatMap((block) => (block.type === 'text' && block.text.trim() !== '' ? [block.text] : []));
  if (texts.length === 0) return { role: 'user', blocks: [] };
  const cache = blocks.findLast((block) => block.cache)?.cache;
  return { role: 'user', blocks: [{ type: 'text', text: `<system>${texts.join('\n')}</system>`, cache }] };
}

/**
 * Turns as Converse takes them: without blank text and empty turns, neighbours of one role in one turn, the results of tools first in
 * theirs, and no white space at the end of a last turn of the assistant.
 */
function arrangeTurns(turns: readonly Turn[], words: ConversationWords): readonly Turn[] {
  const arranged = mergeNeighbours(turns.map(({ role, blocks }) => ({ role, blocks: withoutBlanks(blocks) })));
  if (!arranged.some(({ role }) => role === 'user')) {
    throw invalid(words.conversation, 'Send a message of the user, or a result of a tool, that is not empty.');
  }
  checkResults(arranged, words);
  const last = arranged.at(-1);
  return last?.role === 'assistant' ? [...arranged.slice(0, -1), withoutTrailingSpace(last)] : arranged;
}

/** Blocks without blank text. The cache mark of a blank one moves to the block before it. */
export function withoutBlanks(blocks: readonly Block[]): readonly Block[] {
  const kept: Block[] = [];
  for (const block of blocks) {
    if (block.type !== 'text' || block.text.trim() !== '') {
      kept.push(block);
      continue;
    }
    const before = kept.pop();
    if (before) kept.push({ ...before, cache: before.cache ?? block.cache });
  }
  return kept;
}

function mergeNeighbours(turns: readonly Turn[]): readonly Turn[] {
  const merged: { role: Turn['role']; blocks: Block[] }[] = [];
  for (const { role, blocks } of turns) {
    if (blocks.length === 0) continue;
    const last = merged.at(-1);
    if (last?.role === role) last.blocks.push(...blocks);
    else merged.push({ role, blocks: [...blocks] });
  }
  return merged.map(({ role, blocks }) => ({ role, blocks: withResultsFirst(blocks) }));
}

function withResultsFirst(blocks: readonly Block[]): readonly Block[] {
  if (!blocks.some(isResult)) return blocks;
  return [...blocks.filter(isResult), ...blocks.filter((block) => !isResult(block))];
}

function withoutTrailingSpace({ role, blocks }: Turn): Turn {
  const last = blocks.at(-1);
  if (last?.type !== 'text') return { role, blocks };
  return { role, blocks: [...blocks.slice(0, -1), { ...last, text: last.text.trimEnd() }] };
}

/** Each call needs one result, and each result its call, in the turn before it. */
function checkResults(turns: readonly Turn[], words: ConversationWords): void {
  let open = new Map<string, CallBlock>();
  for (const { role, blocks } of turns) {
    if (role === 'user') {
      for (const result of blocks.filter(isResult)) {
        if (open.delete(result.id)) continue;
        throw invalid(
          `${result.path}.${words.resultId}`,
          'Send one result for each call: the assistant turn before this message has no open call of this id.',
        );
      }
    }
    rejectOpenCalls(open, words);
    if (role === 'assistant') open = callsOf(blocks, words);
  }
  rejectOpenCalls(open, words);
}

function callsOf(blocks: readonly Block[], { callId }: ConversationWords): Map<string, CallBlock> {
  const calls = new Map<string, CallBlock>();
  for (const call of blocks.filter(isCall)) {
    if (calls.has(call.id)) throw invalid(`${call.path}.${callId}`, 'Give each call of a turn an id of its own.');
    calls.set(call.id, call);
  }
  return calls;
}

function rejectOpenCalls(open: ReadonlyMap<string, CallBlock>, { adviceForResult }: ConversationWords): void {
  for (const { path } of open.values()) throw invalid(path, adviceForResult);
}

function isCall(block: Block): block is CallBlock {
  return block.type === 'call';
}

function isResult(block: Block): block is ResultBlock {
  return block.type === 'result';
}
