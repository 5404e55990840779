import { readFile } from 'node:fs/promises';
import { createProxy } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { readConfiguration } from '@bedrock-proxy/core/config';
import { type Dialect, standardDialects } from '@bedrock-proxy/core/dialects';
import { type FrontSetup, testFront } from '@bedrock-proxy/testing/contract';
import { serveFront } from '@bedrock-proxy/testing/lambda';
import { expect, it } from 'vitest';
import { nodeHttpListener } from './node-http-adapter.ts';
import { createRecordingLogger } from './recording-logger.ts';
import { toyDialect } from './toy-dialect.ts';
import { toyQuestions } from './toy-questions.ts';

/** The adapter on a server, in front of a proxy that has these dialects. */
function startAdapter(dialects: readonly Dialect[]): FrontSetup['start'] {
  return async (environment) => {
    const logger = createRecordingLogger();
    const { bedrock, proxy, http } = readConfiguration(environment, logger);
    const invoker = createBedrockInvoker({
      ...bedrock,
      region: 'us-east-1',
      endpoint: environment.AWS_ENDPOINT_URL_BEDROCK_RUNTIME ?? '',
      credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
    });
    const served = await serveFront(nodeHttpListener(createProxy({ invoker, ...proxy, dialects }), http));
    return { url: served.url, log: () => logger.lines, stop: () => served.close() };
  };
}

testFront('an adapter of node:http', {
  ...{ front: 'node-http', streamsAs: 'events' },
  start: startAdapter(standardDialects()),
});

testFront('an adapter of node:http, with a toy dialect', {
  ...{ front: 'node-http', streamsAs: 'events' },
  questions: toyQuestions,
  start: startAdapter([toyDialect()]),
});

it('the node:http adapter has under 60 lines and imports only core/http', async () => {
  const source = await readFile(new URL('node-http-adapter.ts', import.meta.url), 'utf8');
  expect(source.trimEnd().split('\n').length).toBeLessThan(60);
  const imports = [...source.matchAll(/from '([^']+)'/g)].map(([, specifier]) => specifier);
  expect(imports.filter((specifier) => !specifier?.startsWith('node:'))).toEqual(['@bedrock-proxy/core/http']);
});
