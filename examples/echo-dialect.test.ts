/** Proves the dialect with every fault that the contract knows. */
import { type DialectAnswer, type DialectReading, testDialect } from '@bedrock-proxy/testing/contract';
import { expect, it } from 'vitest';
import { echoDialect, proxy } from './echo-dialect.ts';

const echo = (body: string) => ({ path: '/v0/echo', body });

/** A client of the dialect: JSON strings on lines, empty lines for pings, and a last line that tells the end. */
function read({ text: answer }: DialectAnswer): DialectReading {
  const lines = answer.split('\n').filter((line) => line !== '');
  const texts = lines.filter((line) => line.startsWith('"'));
  const text = texts.map((line): string => JSON.parse(line)).join('');
  const [last, ...more] = lines.slice(texts.length);
  if (more.length > 0 || (last && !lines.at(-1)?.match(/^ok$|^error: /))) throw new Error(`Two ends: ${answer}`);
  if (last === undefined) return { kind: 'incomplete', text };
  return last === 'ok' ? { kind: 'done', text } : { kind: 'error', text, code: last.slice('error: '.length) };
}

testDialect('the echo dialect', {
  dialect: echoDialect,
  stream: { request: echo('{"text":"Hi"}'), read },
  refused: [
    { name: 'a body that is not JSON', request: echo('{'), code: 'invalid_json' },
    { name: 'no text', request: echo('{}'), code: 'invalid_request' },
  ],
  foreignPaths: ['/', '/v0', '/v0/echo/more', '/v1/messages'],
});

it('is spoken beside the standard dialects', () => {
  expect(proxy.dialects.map(({ name }) => name)).toEqual(expect.arrayContaining(['echo', 'native']));
});
