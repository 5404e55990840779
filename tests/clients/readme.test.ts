import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from '../documents/markdown-code.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';
import { runClient } from './run-client.ts';

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

/** A block of the README that names the program to run it, with its URL changed to the server under test. */
function readmeCode(run: string): string {
  const block = codeBlocks('README.md').find((candidate) => candidate.run === run);
  if (!block) throw new Error(`README.md has no block for ${run}`);
  expect(block.code).toContain('http://localhost:8787');
  return block.code.replaceAll('http://localhost:8787', server.url);
}

describe('the code in the README', () => {
  it('streams to curl piece by piece, and ends with [DONE]', async () => {
    const { code, output, pieces, errors } = await runClient('bash', ['-c', readmeCode('curl')]);
    expect({ code, errors: errors.includes('curl:') }).toEqual({ code: 0, errors: false });
    expect(output).toMatch(/^(?:data: \{"content":"[^\n]+"\}\n\n){5,}data: \[DONE\]\n\n$/);
    expect(pieces.length).toBeGreaterThan(3);
    const [first, last] = [pieces[0]?.atMs ?? 0, pieces.at(-1)?.atMs ?? 0];
    expect(last - first).toBeGreaterThan(50);
  });

  it('returns the model’s own JSON to fetch', async () => {
    const { code, output, errors } = await runClient(
      process.execPath,
      ['--input-type=module', '-'],
      readmeCode('node'),
    );
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toContain('What is a proxy?');
  });

  it('returns an array of chunks to Python’s standard library', async () => {
    const { code, output, errors } = await runClient('python3', ['-'], readmeCode('python'));
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toContain('What is a proxy?');
  });
});
