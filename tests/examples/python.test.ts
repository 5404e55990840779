import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../clients/local-server.ts';
import { runClient } from '../clients/run-client.ts';

const script = join(import.meta.dirname, '../../examples/ask.py');

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

const ask = (path: string, ...environment: readonly string[]) =>
  runClient('env', [...environment, 'python3', script, server.url + path, 'What is a proxy?']);

it('the script prints events as they arrive', async () => {
  const { code, output, errors, pieces } = await ask('/');
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(output).toContain('“What is a proxy?”');
  expect(pieces.length).toBeGreaterThan(5);
});

it('the script prints the text of an array', async () => {
  const { code, output, errors } = await ask('/prod/chat');
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(output).toContain('“What is a proxy?”');
});

it.each(['/', '/prod/chat'])(
  'the script prints the text before a cut connection and exits with 1: %s',
  async (path) => {
    const { code, output, errors } = await ask(path, 'MODEL_ID=emulator.connection-reset.middle');
    expect(code).toBe(1);
    expect(output).toMatch(/^You sent/);
    expect(errors).toMatch(/^\nupstream_truncated: .+ \(send it again\)\n$/);
  },
);

it('the script prints the error if the proxy refuses the request', async () => {
  const { code, output, errors } = await ask('/', 'MODEL_ID=emulator.http-403');
  expect({ code, output }).toEqual({ code: 1, output: '' });
  expect(errors).toMatch(/^\nupstream_denied: /);
});
