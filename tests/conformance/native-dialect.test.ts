import { nativeDialect } from '@bedrock-proxy/core/dialects';
import { type DialectSetup, nativeQuestions, testDialect } from '@bedrock-proxy/testing/contract';
import { serveListener } from './serve-listener.ts';

const request = (body: string) => ({ path: '/chat', body });

const setup: DialectSetup = {
  ...nativeQuestions,
  dialect: nativeDialect,
  refused: [
    { name: 'a body that is not JSON', request: request('{"modelId":'), code: 'invalid_json' },
    { name: 'no body', request: { path: '/chat' }, code: 'invalid_json' },
    { name: 'no model', request: request('{"messages":[]}'), code: 'invalid_request' },
    { name: 'two models', request: request('{"modelId":"a.b","modelId":"a.b"}'), code: 'invalid_request' },
    { name: 'a model id of no model', request: request('{"modelId":"a..b"}'), code: 'invalid_model' },
  ],
  foreignPaths: ['/v1/messages', '/v1/models', '/model/a.b/converse', '/chat/completions'],
};

testDialect('the native dialect', setup);
testDialect('the native dialect, on a server of node:http', { ...setup, serve: serveListener });
