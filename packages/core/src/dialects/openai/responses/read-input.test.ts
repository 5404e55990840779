import { describe, expect, it } from 'vitest';
import { sealReasoning } from './encrypted-reasoning.js';
import { converseOf, turnsOf } from './responses-call.test-helper.js';

const png = 'data:image/png;base64,AAAA';
const look = { tools: [{ type: 'function', name: 'look' }] };
const call = { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'look', arguments: '{"a":1}' };
const output = { type: 'function_call_output', call_id: 'c1', output: 'Rain.' };
const asked = { role: 'user', content: 'Hi' };

describe('the input of a response', () => {
  it('is one text, or messages with and without a type', () => {
    expect(turnsOf('Hello')).toEqual([{ role: 'user', content: [{ text: 'Hello' }] }]);
    expect(
      turnsOf([asked, { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Yes?' }] }]),
    ).toEqual([
      { role: 'user', content: [{ text: 'Hi' }] },
      { role: 'assistant', content: [{ text: 'Yes?' }] },
    ]);
  });

  it('has instructions and leading system text in front, and later system text in its place', () => {
    const developer = (text: string) => ({
      type: 'message',
      role: 'developer',
      content: [{ type: 'input_text', text }],
    });
    const { body } = converseOf({
      instructions: 'One.',
      input: [developer('Two.'), { role: 'system', content: 'Three.' }, asked, developer('Four.')],
    });
    expect(body).toMatchObject({
      system: [{ text: 'One.' }, { text: 'Two.' }, { text: 'Three.' }],
      messages: [{ role: 'user', content: [{ text: 'Hi' }, { text: '<system>Four.</system>' }] }],
    });
  });

  it('has images, files and audio as data', () => {
    const content = [
      { type: 'input_text', text: 'Look.' },
      { type: 'input_image', image_url: png, detail: 'auto' },
      { type: 'input_file', file_data: 'AAAA', filename: 'a.pdf' },
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
    ];
    const source = { bytes: 'AAAA' };
    expect(turnsOf([{ role: 'user', content }])).toEqual([
      {
        role: 'user',
        content: [
          { text: 'Look.' },
          { image: { format: 'png', source } },
          { document: { format: 'pdf', source, name: 'document-1' } },
          { audio: { format: 'mp3', source } },
        ],
      },
    ]);
  });

  it('joins reasoning, messages and calls to one turn, and outputs to the next', () => {
    const signed = { reasoningText: { text: 'So.', signature: 's' } };
    const input = [
      asked,
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [],
        encrypted_content: sealReasoning([signed, { redactedContent: 'AAAA' }]),
      },
      { role: 'assistant', content: [{ type: 'refusal', refusal: 'I look.' }] },
      call,
      { type: 'function_call', call_id: 'c2', name: 'look', arguments: '' },
      { role: 'user', content: 'Go on.' },
      { type: 'function_call_output', call_id: 'c2', output: [{ type: 'input_image', image_url: png }] },
      output,
    ];
    expect(turnsOf(input, look)).toEqual([
      { role: 'user', content: [{ text: 'Hi' }] },
      {
        role: 'assistant',
        content: [
          { reasoningContent: signed },
          { reasoningContent: { redactedContent: 'AAAA' } },
          { text: 'I look.' },
          { toolUse: { toolUseId: 'c1', name: 'look', input: { a: 1 } } },
          { toolUse: { toolUseId: 'c2', name: 'look', input: {} } },
        ],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: 'c2', content: [{ image: { format: 'png', source: { bytes: 'AAAA' } } }] } },
          { toolResult: { toolUseId: 'c1', content: [{ text: 'Rain.' }] } },
          { text: 'Go on.' },
        ],
      },
    ]);
  });

  it('has calls of custom tools, and of tools in a namespace', () => {
    const input = [
      asked,
      { type: 'custom_tool_call', call_id: 'c1', name: 'patch', input: '*** "x"\n' },
      { type: 'custom_tool_call_output', call_id: 'c1', output: 'Done.' },
      { ...call, namespace: 'agents' },
      output,
    ];
    const tools = [{ type: 'custom', name: 'patch' }];
    expect(turnsOf(input, { tools })).toMatchObject([
      {},
      { content: [{ toolUse: { name: 'patch', input: { input: '*** "x"\n' } } }] },
      { content: [{ toolResult: { content: [{ text: 'Done.' }] } }] },
      { content: [{ toolUse: { name: 'agents__look' } }] },
      { content: [{ toolResult: {} }] },
    ]);
  });

  it('leaves reasoning of another maker out, and says so', () => {
    const foreign = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAABo' };
    const { body, dropped } = converseOf({ input: [asked, foreign, { role: 'assistant', content: 'Yes?' }, asked] });
    expect(body['messages']).toMatchObject([{}, { content: [{ text: 'Yes?' }] }, {}]);
    expect(dropped).toBe('body=encrypted_content');
  });

  it('has reasoning without a seal, of which nothing can be sent back', () => {
    const unsealed = { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'So.' }], content: null };
    const { body, dropped } = converseOf({ input: [unsealed, asked] });
    expect(body['messages']).toEqual([{ role: 'user', content: [{ text: 'Hi' }] }]);
    expect(dropped).toBeUndefined();
  });

  it('marks caches behind parts, messages, calls and results', () => {
    const cache_control = { type: 'ephemeral' };
    const cachePoint = { type: 'default' };
    const input = [
      { role: 'user', content: [{ type: 'input_text', text: 'Hi', cache_control }] },
      { ...call, cache_control },
      { ...output, cache_control },
    ];
    expect(turnsOf(input, look)).toMatchObject([
      { content: [{ text: 'Hi' }, { cachePoint }] },
      { content: [{ toolUse: {} }, { cachePoint }] },
      { content: [{ toolResult: {} }, { cachePoint }] },
    ]);
  });

  it.each([
    ['no input', undefined, 'input', 'Send a string or an array of items.'],
    ['an empty input', [], 'input', 'Send a message of the user'],
    ['an item that is no object', ['Hi'], 'input[0]', 'Send an object.'],
    ['another role', [{ role: 'tool', content: 'Hi' }], 'input[0].role', 'Send one of: system,'],
    ['no role', [{ content: 'Hi' }], 'input[0].role', 'Send one of: system,'],
    ['an output without its call', [asked, output], 'input[1].call_id', 'Send one result for each call'],
    ['a call without its output', [asked, call], 'input[1]', 'Send the output of this call'],
    ['a call twice', [asked, call, call, output], 'input[2].call_id', 'Give each call'],
    ['a call without an id', [asked, { ...call, call_id: '' }], 'input[1].call_id', 'Send a string that is not empty.'],
    ['a call without a name', [asked, { ...call, name: 1 }], 'input[1].name', 'Send a string.'],
  ])('is refused with %s', (_, input, path, message) => {
    expect(() => turnsOf(input)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        issues: [{ path, message: expect.stringContaining(message) }],
      }),
    );
  });

  it.each([
    ['the URL of an image', { type: 'input_image', image_url: 'https://a.b/c.png' }],
    ['the id of an image', { type: 'input_image', file_id: 'file-1' }],
    ['the URL of a file', { type: 'input_file', file_url: 'https://a.b/c.pdf' }],
    ['the id of a file', { type: 'input_file', file_id: 'file-1' }],
    ['a part of another type', { type: 'input_video' }],
  ])('is refused with %s', (_, part) => {
    expect(() => turnsOf([{ role: 'user', content: [part] }])).toThrow(
      expect.objectContaining({
        code: 'unsupported_content',
        issues: [{ path: 'input[0].content[0]', message: expect.anything() }],
      }),
    );
  });

  it('is refused with a part that only a user may send', () => {
    const image = { type: 'input_image', image_url: png };
    for (const role of ['developer', 'assistant']) {
      expect(() => turnsOf([{ role, content: [image] }])).toThrow('Only text');
    }
    const file = { type: 'input_file', file_data: 'AAAA', filename: 'a.pdf' };
    expect(() => turnsOf([asked, call, { ...output, output: [file] }])).toThrow('Only text');
  });

  it('is refused with a reference to what is not stored, and told what to send', () => {
    expect(() => turnsOf([{ type: 'item_reference', id: 'msg_1' }])).toThrow(
      expect.objectContaining({
        code: 'unsupported_parameter',
        issues: [{ path: 'input[0]', message: expect.stringContaining('store:false') }],
      }),
    );
  });

  it('is refused with an item of another type', () => {
    expect(() => turnsOf([{ type: 'web_search_call', id: 'ws_1' }])).toThrow(
      expect.objectContaining({
        code: 'unsupported_content',
        issues: [{ path: 'input[0].type', message: expect.anything() }],
      }),
    );
  });
});
