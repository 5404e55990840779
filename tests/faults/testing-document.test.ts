import * as core from '@bedrock-proxy/core';
import * as bedrock from '@bedrock-proxy/core/bedrock';
import * as dialects from '@bedrock-proxy/core/dialects';
import * as testing from '@bedrock-proxy/testing';
import * as contract from '@bedrock-proxy/testing/contract';
import * as emulator from '@bedrock-proxy/testing/emulator';
import ts from 'typescript';
import * as vitest from 'vitest';
import { codeBlocks } from '../documents/markdown-code.ts';

const modules: Readonly<Record<string, object>> = {
  vitest,
  '@bedrock-proxy/core': core,
  '@bedrock-proxy/core/bedrock': bedrock,
  '@bedrock-proxy/core/dialects': dialects,
  '@bedrock-proxy/testing': testing,
  '@bedrock-proxy/testing/contract': contract,
  '@bedrock-proxy/testing/emulator': emulator,
};

const blocks = codeBlocks('docs/testing.md').filter(({ language, run }) => language === 'ts' && run !== 'compile');

vitest.it('docs/testing.md names every fault that the emulator plays', () => {
  const words = codeWords('docs/testing.md');
  for (const name of [...emulator.streamFaults, ...emulator.callFaults, ...emulator.faultPositions]) {
    vitest.expect(words).toContain(name);
  }
});

// Each block declares tests, which run here as they would for a reader.
for (const { document, line, code } of blocks) {
  vitest.describe(`${document}:${line}`, () => {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
    });
    new Function('require', 'exports', outputText)((name: string) => modules[name], {});
  });
}

function codeWords(document: string): readonly string[] {
  return [...(ts.sys.readFile(document)?.matchAll(/`([\w-]+)`/g) ?? [])].map(([, word = '']) => word);
}
