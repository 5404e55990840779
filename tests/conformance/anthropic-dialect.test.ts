import { anthropicDialect } from '@bedrock-proxy/core/dialects';
import { type DialectSetup, testDialect } from '@bedrock-proxy/testing/contract';
import { anthropicQuestions } from './anthropic-questions.ts';
import { serveListener } from './serve-listener.ts';

const request = (body: string) => ({ path: '/v1/messages', body });

const setup: DialectSetup = {
  ...anthropicQuestions,
  dialect: () => anthropicDialect({ region: 'us-east-1' }),
  refused: [
    { name: 'a body that is not JSON', request: request('{"model":'), code: 'invalid_json' },
    { name: 'no body', request: request(''), code: 'invalid_json' },
    { name: 'no model', request: request('{"messages":[]}'), code: 'invalid_request' },
    { name: 'two models', request: request('{"model":"a","model":"a"}'), code: 'invalid_request' },
    { name: 'an unknown model', request: request('{"model":"gpt-5"}'), code: 'model_not_found' },
    { name: 'a model id of no model', request: request('{"model":"anthropic..claude"}'), code: 'invalid_model' },
  ],
  foreignPaths: ['/chat', '/v1/chat/completions', '/v1/models', '/model/a.b/converse'],
};

testDialect('the Anthropic dialect', setup);
testDialect('the Anthropic dialect, on a server of node:http', { ...setup, serve: serveListener });
