import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../clients/local-server.ts';
import { runClient } from '../clients/run-client.ts';
import { type CodeBlock, codeBlocks } from '../documents/markdown-code.ts';
import { installPackages } from './installed-packages.ts';

/** The packages of each block in docs/clients.md that is run. */
const packages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'aws-sdk-js': { '@aws-sdk/client-bedrock-runtime': '3.1164.0', '@smithy/node-http-handler': '4.14.2' },
  'anthropic-bedrock-sdk': { '@anthropic-ai/bedrock-sdk': '1.1.3' },
  'ai-sdk-bedrock': { ai: '7.0.173', '@ai-sdk/amazon-bedrock': '4.0.186' },
  langchain: { '@langchain/aws': '1.4.5', '@langchain/core': '1.4.0' },
};

// The sections of the other APIs have tests of their own.
const [start, end] = ["## Bedrock's own API", '\n## '];
const document = readFileSync(new URL('../../docs/clients.md', import.meta.url), 'utf8');
const firstLine = document.slice(0, document.indexOf(start)).split('\n').length;
const section = document.slice(document.indexOf(start));
const lastLine = firstLine + section.slice(0, section.indexOf(end, start.length)).split('\n').length;
const blocks = codeBlocks('docs/clients.md').filter(({ line }) => line > firstLine && line < lastLine);
const runnable = blocks.flatMap((block) => (block.run === undefined ? [] : [[block.run, block] as const]));
const inLanguage = (language: string) =>
  blocks.filter((block) => block.language === language).map(({ line, code }) => [line, code] as const);

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

async function run(name: string, { code }: CodeBlock) {
  const { folder } = await installPackages(packages[name] ?? {});
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, code.replaceAll('http://localhost:8787', server.url));
  const environment = [`AWS_ENDPOINT_URL_BEDROCK_RUNTIME=${server.url}`, 'AWS_BEARER_TOKEN_BEDROCK=my-token'];
  return await runClient('env', [...environment, process.execPath, file]);
}

describe("the code of docs/clients.md for Bedrock's own API", () => {
  it('has every client of this test', () => {
    expect(runnable.map(([name]) => name).toSorted()).toEqual(Object.keys(packages).toSorted());
  });

  it.each(runnable)('streams an answer to %s', async (name, block) => {
    const { code, output, errors } = await run(name, block);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toMatch(/^You sent me (?:4|four) words/);
  });

  it.each(inLanguage('sh'))('is a shell script at line %i', async (_, code) => {
    const { code: exit, errors } = await runClient('bash', ['-n'], code);
    expect({ exit, errors }).toEqual({ exit: 0, errors: '' });
  });

  it.each(inLanguage('python'))('is Python at line %i', async (_, code) => {
    const check = 'import ast, sys; ast.parse(sys.stdin.read())';
    expect(await runClient('python3', ['-c', check], code)).toMatchObject({ code: 0, errors: '' });
  });
});
