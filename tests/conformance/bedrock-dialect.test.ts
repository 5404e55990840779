import { bedrockDialect } from '@bedrock-proxy/core/dialects';
import { type DialectSetup, testDialect } from '@bedrock-proxy/testing/contract';
import { converseQuestions, invokeQuestions } from './bedrock-questions.ts';
import { serveListener } from './serve-listener.ts';

const foreignPaths = ['/', '/chat', '/v1/messages', '/v1/chat/completions', '/models/a/invoke', '/guardrails'];
const pathOf = (id: string) => ({ path: `/model/${id}/invoke`, body: '{}' });
const own = { path: '/model/a.b/converse', body: '{"serviceTier":{"type":"priority"}}' };
const broken = { path: '/model/a.b/converse', body: '{"serviceTier":{"type":"priority"}} x' };

const refused = [
  { name: 'an id of no model', request: pathOf('a..b'), code: 'invalid_model' },
  { name: 'an id that was encoded twice', request: pathOf('a%252Fb'), code: 'invalid_model' },
  { name: 'an operation that is not served', request: { path: '/model/a.b/invoke-x' }, code: 'not_found' },
  { name: 'a guardrail to apply', request: { path: '/guardrail/a/version/1/apply' }, code: 'not_found' },
  { name: 'a setting of Bedrock in its body', request: own, code: 'invalid_request' },
  { name: 'a setting of Bedrock in a body that cannot be read', request: broken, code: 'invalid_json' },
] as const;

const byInvokeModel: DialectSetup = { ...invokeQuestions, dialect: bedrockDialect, refused, foreignPaths };
const byConverse: DialectSetup = {
  ...converseQuestions,
  dialect: () => bedrockDialect({ heartbeat: true }),
  refused,
  foreignPaths,
};

testDialect('the dialect of Bedrock, by InvokeModel', byInvokeModel);
testDialect('the dialect of Bedrock, by Converse, with a heartbeat', byConverse);
testDialect('the dialect of Bedrock, by InvokeModel, on a server of node:http', {
  ...byInvokeModel,
  serve: serveListener,
});
testDialect('the dialect of Bedrock, by Converse, with a heartbeat, on a server of node:http', {
  ...byConverse,
  serve: serveListener,
});
