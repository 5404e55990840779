import { testDialect } from '@bedrock-proxy/testing/contract';
import { toyCode, toyDialect } from './toy-dialect.ts';
import { readToyAnswer } from './toy-records.ts';

const say = (members: object) => ({ path: '/toy/say', body: JSON.stringify(members) });
const asked = { model: 'swift', prompts: ['Hi'] };

testDialect('a toy dialect', {
  dialect: toyDialect,
  whole: { request: say(asked), read: readToyAnswer },
  stream: { request: say({ ...asked, stream: true }), read: readToyAnswer },
  errorCode: toyCode,
  refused: [
    { name: 'a body that is not JSON', request: { path: '/toy/say', body: '{' }, code: 'invalid_json' },
    { name: 'no prompts', request: say({ model: 'swift' }), code: 'invalid_request' },
    { name: 'an unknown model', request: say({ ...asked, model: 'slow' }), code: 'model_not_found' },
    { name: 'an unknown path', request: { path: '/toy/sing' }, code: 'not_found' },
  ],
  foreignPaths: ['/', '/chat', '/v1/messages', '/toys'],
});
