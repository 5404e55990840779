import { openaiDialect } from '@bedrock-proxy/core/dialects';
import { type DialectSetup, testDialect } from '@bedrock-proxy/testing/contract';
import { chatQuestions } from './openai-questions.ts';
import { responsesQuestions } from './responses-questions.ts';
import { serveListener } from './serve-listener.ts';

const chat = (body: object | string) => ({
  path: '/v1/chat/completions',
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const responses = (body: object | string) => ({ ...chat(body), path: '/v1/responses' });
const messages = [{ role: 'user', content: 'Hi' }];
const model = 'anthropic.claude-sonnet-4-6';

const chatSetup: DialectSetup = {
  ...chatQuestions,
  dialect: openaiDialect,
  refused: [
    { name: 'a body that is not JSON', request: chat('{"model":'), code: 'invalid_json' },
    { name: 'no body', request: chat(''), code: 'invalid_json' },
    { name: 'no model', request: chat({ messages }), code: 'invalid_request' },
    { name: 'no messages', request: chat({ model }), code: 'invalid_request' },
    { name: 'two answers', request: chat({ model, messages, n: 2 }), code: 'unsupported_parameter' },
    {
      name: 'the URL of an image',
      request: chat({
        model,
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: 'https://a.b/c' }] }],
      }),
      code: 'unsupported_content',
    },
    { name: 'a model id of no model', request: chat({ model: 'a..b', messages }), code: 'invalid_model' },
    { name: 'a path of another endpoint', request: { path: '/v1/completions', body: '{}' }, code: 'not_found' },
  ],
  foreignPaths: ['/', '/chat', '/v1/messages', '/v1/messages/count_tokens', '/model/a.b/converse'],
};

const input = 'Hi';

const responsesSetup: DialectSetup = {
  ...responsesQuestions,
  dialect: openaiDialect,
  refused: [
    { name: 'a body that is not JSON', request: responses('{"model":'), code: 'invalid_json' },
    { name: 'no body', request: responses(''), code: 'invalid_json' },
    { name: 'no model', request: responses({ input }), code: 'invalid_request' },
    { name: 'no input', request: responses({ model }), code: 'invalid_request' },
    {
      name: 'a response that would be stored',
      request: responses({ model, input, previous_response_id: 'resp_1' }),
      code: 'unsupported_parameter',
    },
    {
      name: 'an item that would be stored',
      request: responses({ model, input: [{ type: 'item_reference', id: 'msg_1' }] }),
      code: 'unsupported_parameter',
    },
    {
      name: 'the URL of an image',
      request: responses({
        model,
        input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'https://a.b/c' }] }],
      }),
      code: 'unsupported_content',
    },
    { name: 'a model id of no model', request: responses({ model: 'a..b', input }), code: 'invalid_model' },
    { name: 'a stored response', request: { ...responses({}), path: '/v1/responses/resp_1' }, code: 'not_found' },
  ],
  foreignPaths: ['/', '/v1/messages', '/model/a.b/converse'],
};

testDialect("OpenAI's chat completions", chatSetup);
testDialect("OpenAI's Responses API", responsesSetup);
testDialect("OpenAI's chat completions, on a server of node:http", { ...chatSetup, serve: serveListener });
testDialect("OpenAI's Responses API, on a server of node:http", { ...responsesSetup, serve: serveListener });
