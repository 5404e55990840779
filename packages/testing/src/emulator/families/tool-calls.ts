import { isRecord, membersOf, type Payload, stringsIn } from '../payload.js';

/** A tool that a request offers, with the JSON schema of its input. */
export interface Tool {
  readonly name: string;
  readonly schema: unknown;
}

/** A call that the emulated model makes. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: object;
}

/** The parts of a request that decide which tools are called. */
export interface ToolSituation {
  readonly tools: readonly Tool[];
  /** The model may call tools (`auto`), must call one (`any`), must call none (`none`), or must call the named tool. */
  readonly choice: 'auto' | 'any' | 'none' | { readonly name: string };
  /** The turns of the user, in order. */
  readonly turns: readonly UserTurn[];
}

/** A turn of the user. */
export interface UserTurn {
  /** The last text. */
  readonly text: string;
  readonly hasResults: boolean;
}

/**
 * The tool calls of the emulated model: a call of each tool that the text names. If the model must call a tool, it calls the tool that
 * the choice names, or else the first one. After tool results it calls none. But lines such as `call clock {"zone":"UTC"}` are orders:
 * each is one call with this input, and the next one follows the result of the one before.
 */
export function callTools(situation: ToolSituation, newId: () => string): readonly ToolCall[] {
  const ordered = orderedCall(situation);
  if (ordered) return ordered.map((call) => ({ id: newId(), ...call }));
  const { text = '' } = situation.turns.at(-1) ?? {};
  return chooseTools(situation).map(({ name, schema }) => ({
    id: newId(),
    name,
    input: composeInput(schema, text),
  }));
}

/** The call that is due by the orders; undefined if there are none. */
function orderedCall({ tools, choice, turns }: ToolSituation): readonly Omit<ToolCall, 'id'>[] | undefined {
  if (choice !== 'auto') return undefined;
  const asked = turns.findLastIndex(({ hasResults }) => !hasResults);
  const orders = [...(turns[asked]?.text.matchAll(/^call ([\w-]+) (\{.*\})$/gm) ?? [])].flatMap(
    ([, name, json = '']) => {
      const input = parseInput(json);
      return input && tools.some((tool) => tool.name === name) ? [{ name: String(name), input }] : [];
    },
  );
  const round = turns.length - 1 - asked;
  return orders.length === 0 ? undefined : orders.slice(round, round + 1);
}

function parseInput(json: string): object | undefined {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function chooseTools({ tools, choice, turns }: ToolSituation): readonly Tool[] {
  const { text = '', hasResults = false } = turns.at(-1) ?? {};
  if (hasResults || choice === 'none') return [];
  if (typeof choice === 'object') return tools.filter(({ name }) => name === choice.name);
  const words = new Set(text.match(/[\w-]+/g));
  const named = tools.filter(({ name }) => words.has(name));
  return named.length === 0 && choice === 'any' ? tools.slice(0, 1) : named;
}

/** An input that fits a simple schema. It has the required properties, and the text as the value of strings. */
function composeInput(schema: unknown, text: string): object {
  const { properties, required } = membersOf(schema);
  if (!isRecord(properties)) return {};
  return Object.fromEntries(
    stringsIn(required).map((name) => {
      const property = properties[name];
      return [name, isRecord(property) ? composeValue(property, text) : text];
    }),
  );
}

const values: Readonly<Record<string, unknown>> = { number: 1, integer: 1, boolean: true, array: [], null: null };

function composeValue(property: Payload, text: string): unknown {
  if (Array.isArray(property.enum)) return property.enum[0];
  if (property.type === 'object') return composeInput(property, text);
  return typeof property.type === 'string' && property.type in values ? values[property.type] : text;
}
