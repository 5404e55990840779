import { describe, expect, it } from 'vitest';
import { converseOf, parseChat } from './chat-call.test-helper.js';

const user = (content: unknown) => ({ role: 'user', content });
const call = (id: string, name = 'look', json = '{"a":1}') => ({
  id,
  type: 'function',
  function: { name, arguments: json },
});
const asks = (...tool_calls: object[]) => ({ role: 'assistant', content: null, tool_calls });
const result = (tool_call_id: string, content: unknown = 'found') => ({ role: 'tool', tool_call_id, content });
const tools = [{ type: 'function', function: { name: 'look' } }];

function sent(messages: readonly object[], members: object = {}) {
  const { messages: turns, system } = converseOf({ tools, messages, ...members }).body;
  return { turns, system };
}

function failure(messages: readonly object[], code: string, path: string) {
  expect(() => parseChat({ tools, messages })).toThrow(
    expect.objectContaining({ code, issues: [expect.objectContaining({ path })] }),
  );
}

describe('the system prompt', () => {
  it('is the system and developer messages that lead', () => {
    const lead = [
      { role: 'system', content: 'A' },
      { role: 'developer', content: [{ type: 'text', text: 'B' }] },
    ];
    expect(sent([...lead, user('Hi')])).toEqual({
      system: [{ text: 'A' }, { text: 'B' }],
      turns: [{ role: 'user', content: [{ text: 'Hi' }] }],
    });
  });

  it('stays in its place within the conversation, as text of the user', () => {
    const messages = [user('Hi'), { role: 'system', content: 'Be brief.' }, { role: 'assistant', content: 'Ok' }];
    expect(sent(messages)).toEqual({
      system: undefined,
      turns: [
        { role: 'user', content: [{ text: 'Hi' }, { text: '<system>Be brief.</system>' }] },
        { role: 'assistant', content: [{ text: 'Ok' }] },
      ],
    });
  });

  it('is none if it is blank', () => {
    const blank = { role: 'system', content: ' \n' };
    expect(sent([blank, user('Hi'), blank])).toEqual({
      system: undefined,
      turns: [{ role: 'user', content: [{ text: 'Hi' }] }],
    });
  });
});

describe('the parts of a user', () => {
  const png = 'data:image/png;base64,AAAA';

  it.each<[object, object]>([
    [{ type: 'text', text: 'Hi' }, { text: 'Hi' }],
    [
      { type: 'image_url', image_url: { url: png, detail: 'low' } },
      { image: { format: 'png', source: { bytes: 'AAAA' } } },
    ],
    [
      { type: 'image_url', image_url: 'data:image/jpg;base64,AA==' },
      { image: { format: 'jpeg', source: { bytes: 'AA==' } } },
    ],
    [
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
      { audio: { format: 'mp3', source: { bytes: 'AAAA' } } },
    ],
  ])('become blocks: %j', (part, block) => {
    expect(sent([user([{ type: 'text', text: 'See:' }, part])]).turns).toEqual([
      { role: 'user', content: [{ text: 'See:' }, block] },
    ]);
  });

  it.each([
    [{ file_data: 'data:application/pdf;base64,AAAA' }, 'pdf'],
    [{ file_data: 'data:text/plain;charset=utf-8;base64,AAAA' }, 'txt'],
    [{ file_data: 'AAAA', filename: 'Q3.final.XLSX' }, 'xlsx'],
    [{ file_data: 'data:application/octet-stream;base64,AAAA', filename: 'notes.md' }, 'md'],
  ])('become documents that are numbered: %j', (file, format) => {
    const part = { type: 'file', file };
    const block = (name: string) => ({ document: { format, source: { bytes: 'AAAA' }, name } });
    // Converse refuses a message with documents and no text.
    expect(sent([user([part, part])]).turns).toEqual([
      { role: 'user', content: [block('document-1'), block('document-2'), { text: 'document-1, document-2' }] },
    ]);
  });

  it.each([
    { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
    { type: 'image_url', image_url: { url: 'data:image/tiff;base64,AAAA' } },
    { type: 'file', file: { file_id: 'file-1' } },
    { type: 'file', file: { file_data: 'https://example.com/a.pdf', filename: 'a.pdf' } },
    { type: 'file', file: { file_data: 'AAAA' } },
    { type: 'video_url', video_url: {} },
  ])('are refused if they cannot be sent: %j', (part) => {
    failure([user([{ type: 'text', text: 'Hi' }, part])], 'unsupported_content', 'messages[0].content[1]');
  });

  it.each([
    [[user(5)], 'messages[0].content'],
    [[user(['Hi'])], 'messages[0].content[0]'],
    [[user([{ type: 'text', text: 5 }])], 'messages[0].content[0].text'],
    [[{ role: 'bot', content: 'Hi' }], 'messages[0].role'],
    [['Hi'], 'messages[0]'],
    [[user([{ type: 'image_url', image_url: { url: 'data:image/png;base64,%%' } }])], 'messages[0].content[0]'],
  ] as readonly (readonly [readonly object[], string])[])('of a wrong type are named: %j', (messages, path) => {
    failure(messages, 'invalid_request', path);
  });
});

describe('the turns of a conversation', () => {
  it('have no blank text, and neighbours of one role are one', () => {
    const messages = [
      user('A'),
      user(' '),
      { role: 'assistant', content: '' },
      user('B'),
      { role: 'assistant', content: 'C \n' },
    ];
    expect(sent(messages).turns).toEqual([
      { role: 'user', content: [{ text: 'A' }, { text: 'B' }] },
      { role: 'assistant', content: [{ text: 'C' }] },
    ]);
  });

  it('keep white space of the assistant that is not last', () => {
    expect(sent([user('A'), { role: 'assistant', content: 'B ' }, user('C')]).turns).toMatchObject([
      {},
      { content: [{ text: 'B ' }] },
      {},
    ]);
  });

  it('have the text of a refusal', () => {
    const refused = [
      { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
      { role: 'assistant', content: null, refusal: 'Never.' },
    ];
    expect(sent([user('A'), ...refused, user('B')]).turns).toMatchObject([
      {},
      { content: [{ text: 'No.' }, { text: 'Never.' }] },
      {},
    ]);
  });

  it('have the results of one turn first, however they were sent', () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
    const messages = [
      user('Go'),
      { role: 'assistant', content: 'I look.', tool_calls: [call('1'), call('2')] },
      result('2'),
      user('And?'),
      result('1', [{ type: 'text', text: 'it' }, image]),
    ];
    expect(sent(messages).turns).toEqual([
      { role: 'user', content: [{ text: 'Go' }] },
      {
        role: 'assistant',
        content: [
          { text: 'I look.' },
          { toolUse: { toolUseId: '1', name: 'look', input: { a: 1 } } },
          { toolUse: { toolUseId: '2', name: 'look', input: { a: 1 } } },
        ],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: '2', content: [{ text: 'found' }] } },
          {
            toolResult: {
              toolUseId: '1',
              content: [{ text: 'it' }, { image: { format: 'png', source: { bytes: 'AAAA' } } }],
            },
          },
          { text: 'And?' },
        ],
      },
    ]);
  });

  it.each<[string, object]>([
    ['', {}],
    [' ', {}],
    ['{"a":1}', { a: 1 }],
    ['{"a":', { raw: '{"a":' }],
    ['[1]', { raw: '[1]' }],
    ['"x"', { raw: '"x"' }],
  ])('have arguments that are an object, whatever was sent: %j', (json, input) => {
    expect(sent([user('Go'), asks(call('1', 'look', json)), result('1', '')]).turns).toMatchObject([
      {},
      { content: [{ toolUse: { input } }] },
      { content: [{ toolResult: { content: [] } }] },
    ]);
  });

  it.each<[string, readonly object[], string]>([
    ['a result without its call', [user('Go'), result('1')], 'messages[1].tool_call_id'],
    ['a result twice', [user('Go'), asks(call('1')), result('1'), result('1')], 'messages[3].tool_call_id'],
    ['a call without result, at the end', [user('Go'), asks(call('1'))], 'messages[1].tool_calls[0]'],
    [
      'a call without result, before the next turn',
      [user('Go'), asks(call('1')), user('?'), { role: 'assistant', content: 'A' }],
      'messages[1].tool_calls[0]',
    ],
    ['two calls of one id', [user('Go'), asks(call('1'), call('1')), result('1')], 'messages[1].tool_calls[1].id'],
    ['nobody but the assistant', [{ role: 'assistant', content: 'A' }], 'messages'],
    ['nothing', [], 'messages'],
    ['nothing but blank text', [user(' ')], 'messages'],
    [
      'a call without a name',
      [user('Go'), asks({ id: '1', function: {} }), result('1')],
      'messages[1].tool_calls[0].function.name',
    ],
  ])('are refused with %s', (_, messages, path) => {
    failure(messages, 'invalid_request', path);
  });

  it.each<[object, string, string]>([
    [{ role: 'function', name: 'a', content: 'x' }, 'unsupported_content', 'messages[1].role'],
    [{ role: 'assistant', function_call: {} }, 'unsupported_parameter', 'messages[1].function_call'],
    [{ role: 'assistant', audio: { id: 'a' } }, 'unsupported_parameter', 'messages[1].audio'],
    [asks({ id: '1', type: 'custom', custom: {} }), 'unsupported_content', 'messages[1].tool_calls[0].type'],
  ])('are refused with what is not supported: %j', (message, code, path) => {
    failure([user('Go'), message], code, path);
  });
});

describe('reasoning that is sent back', () => {
  const text = { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } };
  const redacted = { reasoningContent: { redactedContent: 'ZW5j' } };

  it.each<[object]>([
    [
      {
        reasoning_details: [
          { type: 'reasoning.text', index: 0, text: 'Hm.', signature: 'c2ln' },
          { type: 'reasoning.encrypted', index: 1, data: 'ZW5j' },
          { type: 'reasoning.text', index: 2, text: 'Unsigned.' },
        ],
      },
    ],
    [
      {
        thinking_blocks: [
          { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
          { type: 'redacted_thinking', data: 'ZW5j' },
        ],
      },
    ],
  ])('comes before the text, unchanged: %j', (reasoning) => {
    const said = { role: 'assistant', content: 'So.', reasoning_content: 'Hm.', ...reasoning };
    expect(sent([user('A'), said, user('B')]).turns).toMatchObject([
      {},
      { content: [text, redacted, { text: 'So.' }] },
      {},
    ]);
  });

  it('is left out without a signature', () => {
    const said = { role: 'assistant', content: 'So.', reasoning_content: 'Hm.' };
    expect(sent([user('A'), said, user('B')]).turns).toMatchObject([{}, { content: [{ text: 'So.' }] }, {}]);
  });
});
