import { testDialect } from '@bedrock-proxy/testing/contract';
import { toyDialect } from './toy-dialect.ts';
import { say, toyQuestions } from './toy-questions.ts';

testDialect('a toy dialect', {
  ...toyQuestions,
  dialect: toyDialect,
  refused: [
    { name: 'a body that is not JSON', request: { path: '/toy/say', body: '{' }, code: 'invalid_json' },
    { name: 'no prompts', request: say({ model: 'swift' }), code: 'invalid_request' },
    { name: 'an unknown model', request: say({ model: 'slow', prompts: ['Hi'] }), code: 'model_not_found' },
    { name: 'an unknown path', request: { path: '/toy/sing' }, code: 'not_found' },
  ],
  foreignPaths: ['/', '/chat', '/v1/messages', '/toys'],
});
