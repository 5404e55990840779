import { createHash } from 'node:crypto';
import fc from 'fast-check';

/** A request for a chat completion, and the texts that must reach the model. */
export interface ChatHistory {
  readonly request: object;
  readonly texts: readonly string[];
}

type Message = Readonly<Record<string, unknown>>;

/** Messages that belong together, such as a call and its result. */
interface Exchange {
  readonly messages: readonly Message[];
  readonly texts: readonly string[];
}

/** Words that no other part of a request has, so that they can be found again. */
const word = fc.stringMatching(/^[a-z]{3,12}$/).map((letters) => `said-${letters}`);
const blank = fc.constantFrom('', ' ', '\n\t');
const mark = fc.option(fc.constantFrom({ cache_control: { type: 'ephemeral' } }), { nil: {}, freq: 4 });

const textPart = fc.tuple(word, mark).map(([text, more]) => ({ texts: [text], part: { type: 'text', text, ...more } }));
const blankPart = blank.map((text) => ({ texts: [], part: { type: 'text', text } }));
const mediaPart = fc
  .constantFrom(
    { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
    { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
    { type: 'file', file: { filename: 'a.pdf', file_data: 'AAAA' } },
  )
  .map((part) => ({ texts: [] as string[], part }));

const parts = fc.array(fc.oneof(textPart, blankPart, mediaPart), { minLength: 1, maxLength: 3 });

const user: fc.Arbitrary<Exchange> = fc.oneof(
  fc.tuple(word, mark).map(([text, more]) => said({ role: 'user', content: text, ...more }, text)),
  parts.map((list) => ({
    messages: [{ role: 'user', content: list.map(({ part }) => part) }],
    texts: list.flatMap(({ texts }) => texts),
  })),
);
const assistant = fc.oneof(word, blank).map((text) => said({ role: 'assistant', content: text }, text));
const lateSystem = word.map((text) => said({ role: 'developer', content: text }, text));

function said(message: Message, text: string): Exchange {
  return { messages: [message], texts: text.trim() === '' ? [] : [text] };
}

/** Ids and names that Converse does not take are among them. */
const id = fc.oneof(fc.stringMatching(/^[\w-]{1,12}$/), fc.string({ minLength: 1, maxLength: 80 }));
const toolName = fc.constantFrom(
  'look',
  'mcp.server/look',
  'mcp server look',
  `${'long'.repeat(20)}1`,
  `${'long'.repeat(20)}2`,
);
const json = fc.oneof(fc.json({ maxDepth: 1 }), fc.constantFrom('', '{"broken":', '{}'));

const call = fc.record({ id, name: toolName, json, result: fc.oneof(word, blank) });
const calls = fc.record({
  calls: fc.uniqueArray(call, { minLength: 1, maxLength: 3, selector: ({ id: own }) => own }),
  announcement: fc.option(word, { nil: undefined }),
  thought: fc.option(word, { nil: undefined }),
  between: fc.option(word, { nil: undefined }),
  isReversed: fc.boolean(),
});

/** A turn with calls, and their results in any order, perhaps with words of the user between. */
const toolExchange: fc.Arbitrary<Exchange> = calls.map(
  ({ calls: asked, announcement, thought, between, isReversed }) => {
    const results = asked.map((each) => ({ role: 'tool', tool_call_id: each.id, content: each.result }));
    const ordered = isReversed ? results.reverse() : results;
    const words = between === undefined ? [] : [{ role: 'user', content: between }];
    return {
      messages: [
        {
          role: 'assistant',
          content: announcement ?? null,
          ...(thought !== undefined && { reasoning_content: thought, reasoning_details: [signed(thought)] }),
          tool_calls: asked.map(({ id: own, name, json: text }) => ({
            id: own,
            type: 'function',
            function: { name, arguments: text },
          })),
        },
        ...ordered.slice(0, 1),
        ...words,
        ...ordered.slice(1),
      ],
      texts: [announcement, thought, between, ...asked.map(({ result }) => result.trim())].filter(
        (text) => !!text,
      ) as string[],
    };
  },
);

/** Reasoning that the emulated Claude signed. */
function signed(text: string) {
  const signature = createHash('sha256').update('the thought of an emulator\0').update(text).digest('base64');
  return { type: 'reasoning.text', index: 0, text, signature, format: 'anthropic-claude-v1' };
}

const models = [
  'anthropic.claude-sonnet-4-6',
  'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  'amazon.nova-lite-v1:0',
  'us.amazon.nova-2-lite-v1:0',
  'qwen.qwen3-32b-v1:0',
];

const tools = fc.uniqueArray(toolName, { minLength: 1, maxLength: 4 }).map((names) =>
  names.map((name) => ({
    type: 'function',
    function: {
      name,
      parameters: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties: {} },
    },
  })),
);

const settings = fc.record(
  {
    max_tokens: fc.constantFrom(200, 3_000, 32_000),
    temperature: fc.constantFrom(0, 0.7, 2),
    top_p: fc.constantFrom(0.5, 1),
    top_k: fc.constantFrom(5),
    stop: fc.constantFrom('', 'END', ['', 'END']),
    reasoning_effort: fc.constantFrom('none', 'minimal', 'low', 'high', 'max'),
    parallel_tool_calls: fc.boolean(),
    tool_choice: fc.constantFrom('auto', 'none', 'required'),
    seed: fc.constant(5),
    response_format: fc.constantFrom({ type: 'text' }, { type: 'json_object' }),
  },
  { requiredKeys: [] },
);

/** Any conversation that a client of OpenAI's API may send. */
export const chatHistories: fc.Arbitrary<ChatHistory> = fc
  .record({
    model: fc.constantFrom(...models),
    system: fc.option(fc.tuple(word, mark), { nil: undefined }),
    first: word,
    exchanges: fc.array(fc.oneof(user, assistant, lateSystem, toolExchange), { maxLength: 6 }),
    tools: fc.option(tools, { nil: undefined }),
    settings,
    stream: fc.boolean(),
  })
  .map(({ model, system, first, exchanges, tools: offered, settings: chosen, stream }) => {
    // Only Claude signs its reasoning.
    const signedOnly = model.includes('claude') ? exchanges : exchanges.map(withoutReasoning);
    const lead = system ? [{ role: 'system', content: system[0], ...system[1] }] : [];
    const { top_k: topK, ...common } = chosen;
    return {
      request: {
        ...{ model, stream, ...common, ...(model.includes('claude') && topK && { top_k: topK }) },
        ...(offered && { tools: offered }),
        messages: [...lead, { role: 'user', content: first }, ...signedOnly.flatMap(({ messages }) => messages)],
      },
      texts: [...(system ? [system[0]] : []), first, ...signedOnly.flatMap(({ texts }) => texts)],
    };
  });

function withoutReasoning({ messages, texts }: Exchange): Exchange {
  const thoughts = messages.flatMap(({ reasoning_content: thought }) => (typeof thought === 'string' ? [thought] : []));
  return {
    messages: messages.map(({ reasoning_details: _, ...message }) => message),
    texts: texts.filter((text) => !thoughts.includes(text)),
  };
}
