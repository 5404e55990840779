import { fileURLToPath } from 'node:url';
import {
  type LambdaSandbox,
  type ResponsePiece,
  readStreamedText,
  type StreamedInvocation,
  startLambdaSandbox,
} from '@bedrock-proxy/testing/lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const resolveFrom = fileURLToPath(new URL('..', import.meta.url));
const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const nodes = { 22: `${resolveFrom}node_modules/node22/bin/node`, 24: process.execPath };

describe.each(Object.entries(nodes))('a streaming handler with the runtime client on Node %s', (version, node) => {
  let sandbox: LambdaSandbox;

  beforeAll(async () => {
    sandbox = await startLambdaSandbox({
      bundle: fixture('streaming'),
      node,
      resolveFrom,
      env: { AUTH_TOKEN: 'secret' },
    });
  });
  afterAll(() => sandbox.close());

  async function stream(answer: string, deadlineMs = 5_000): Promise<StreamedInvocation> {
    const result = await sandbox.invoke({ answer }, { deadlineMs });
    if (result.mode !== 'streamed') throw new Error('The answer is not streamed.');
    return result;
  }

  it('sends the prelude before the body is complete, and each piece when it is written', async () => {
    const answer = await stream('two pieces');
    expect(answer.prelude).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'text/event-stream' },
      cookies: ['a=b; Path=/'],
    });
    expect(answer.contentType).toBe('application/vnd.awslambda.http-integration-response');
    const pieces: ResponsePiece[] = [];
    for await (const piece of answer.body) pieces.push(piece);
    expect(pieces.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['data: 1\n\n', 'data: 2\n\n']);
    const [first, second] = pieces;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(25);
    expect(await answer.trailers).toEqual({});
  });

  it.each(['end without write', 'end with a body'])('sends no prelude for: %s', async (name) => {
    const answer = await stream(name);
    expect(answer.prelude).toBeUndefined();
    expect(answer.preludeProblem).toBe('missing');
    expect(await readStreamedText(answer)).toBe(name === 'end with a body' ? 'Not Found' : '');
  });

  it('has the content type of a plain body if the handler writes no prelude', async () => {
    const answer = await stream('no prelude');
    expect(answer).toMatchObject({ contentType: 'application/octet-stream' });
    expect(answer.preludeProblem).toBeUndefined();
    expect(await readStreamedText(answer)).toBe('plain');
  });

  it('reports an exception in trailers, without a prelude if nothing was written', async () => {
    const early = await stream('throw before the head');
    expect(early.preludeProblem).toBe('missing');
    expect(await readStreamedText(early)).toBe('');
    expect((await early.trailers).error).toMatchObject({ errorType: 'TypeError', errorMessage: 'too early' });

    const late = await stream('throw after the head');
    expect(late.prelude?.statusCode).toBe(200);
    expect(await readStreamedText(late)).toBe('data: 1\n\n');
    const { error } = await late.trailers;
    expect(error).toMatchObject({ errorType: 'TypeError', errorMessage: 'too late' });
    expect(error?.trace?.length).toBeGreaterThan(1);
  });

  it('cannot set a content type after the first write, and writes objects as JSON', async () => {
    const late = await stream('content type after the first write');
    await readStreamedText(late);
    expect((await late.trailers).error?.errorType).toBe('Runtime.InvalidStreamingOperation');
    expect(await readStreamedText(await stream('an object'))).toBe('{"a":1}');
  });

  it('receives a context with the documented members and the deadline', async () => {
    const { keys, remainingMs, context } = JSON.parse(await readStreamedText(await stream('the context', 4_000)));
    expect(keys).toContain('getRemainingTimeInMillis');
    expect(keys).not.toContain('callbackWaitsForEmptyEventLoop');
    expect(remainingMs).toBeGreaterThan(3_000);
    expect(remainingMs).toBeLessThanOrEqual(4_000);
    expect(context.memoryLimitInMB).toBe('512');
  });

  it('has only the environment that Lambda sets and the test gives', async () => {
    const environment = JSON.parse(await readStreamedText(await stream('the environment')));
    expect(environment).toMatchObject({
      AUTH_TOKEN: 'secret',
      AWS_REGION: 'us-east-1',
      _HANDLER: 'index.handler',
      TZ: ':UTC',
    });
    expect(environment).not.toHaveProperty('HOME');
    expect(environment).not.toHaveProperty('VITEST');
  });

  it('is slowed down if its reader stops reading', async () => {
    const answer = await stream('much');
    await sandbox.log.waitFor('held back');
    let readBytes = 0;
    for await (const { bytes } of answer.body) readBytes += bytes.length;
    expect(readBytes).toBe(16 * 1024 * 1024 + 'the end'.length);
  });

  it('continues if the client disconnects, as on Lambda', async () => {
    const client = new AbortController();
    const answer = await sandbox.invoke({ answer: 'two pieces' }, { signal: client.signal });
    if (answer.mode !== 'streamed') throw new Error('The answer is not streamed.');
    const starts = sandbox.coldStarts;
    client.abort(new Error('the client left'));
    await expect(readStreamedText(answer)).rejects.toThrow('the client left');
    expect(await readStreamedText(await stream('no prelude'))).toBe('plain');
    expect(sandbox.coldStarts).toBe(starts);
  });

  it.each(['pipeline from a failing source', 'throw in a timer'])('loses its process after: %s', async (name) => {
    const starts = sandbox.coldStarts;
    const answer = await stream(name);
    expect(answer.prelude?.statusCode).toBe(200);
    const exit = sandbox.exit;
    await expect(readStreamedText(answer)).rejects.toMatchObject({ type: 'Runtime.ExitError' });
    await expect(answer.trailers).rejects.toMatchObject({ type: 'Runtime.ExitError' });
    expect(await exit).toEqual({ code: 1, signal: null });

    expect(await readStreamedText(await stream('no prelude'))).toBe('plain');
    expect(sandbox.coldStarts).toBe(starts + 1);
  });

  it('is killed at its timeout if it does not end the stream', async () => {
    const answer = await stream('never end', 300);
    await expect(readStreamedText(answer)).rejects.toMatchObject({
      type: 'Sandbox.Timedout',
      message: expect.stringContaining('Task timed out after 0.30 seconds'),
    });
    expect(await readStreamedText(await stream('no prelude'))).toBe('plain');
  });

  it('receives a stream that is not a Writable, on the requested Node', async () => {
    const description = JSON.parse(await readStreamedText(await stream('the stream')));
    expect(description).toMatchObject({ isWritable: false, highWaterMark: 65_536 });
    expect(description.members).toContain('setContentType');
    expect(description.version).toMatch(`v${version}.`);
  });
});

describe('a buffered handler with the runtime client', () => {
  let sandbox: LambdaSandbox;

  beforeAll(async () => {
    sandbox = await startLambdaSandbox({ bundle: fixture('buffered'), resolveFrom });
  });
  afterAll(() => sandbox.close());

  it('answers with its result', async () => {
    const result = await sandbox.invoke({ a: 'ü' }, { requestId: 'request-1' });
    expect(result).toEqual({
      mode: 'buffered',
      requestId: 'request-1',
      payload: { echo: { a: 'ü' }, requestId: 'request-1' },
    });
  });

  it('rejects with the error that it throws, and serves the next invocation', async () => {
    const starts = sandbox.coldStarts;
    await expect(sandbox.invoke({ throw: 'out of bounds' })).rejects.toMatchObject({
      name: 'LambdaFunctionError',
      type: 'RangeError',
      message: 'out of bounds',
    });
    await expect(sandbox.invoke({})).resolves.toMatchObject({ mode: 'buffered' });
    expect(sandbox.coldStarts).toBe(starts);
  });

  it('answers overlapping invocations one after the other, also across a crash', async () => {
    const starts = sandbox.coldStarts;
    const [first, crash, last] = await Promise.allSettled([
      sandbox.invoke({ n: 1 }),
      sandbox.invoke({ exit: 7 }),
      sandbox.invoke({ n: 3 }),
    ]);
    expect(first).toMatchObject({ value: { payload: { echo: { n: 1 } } } });
    expect(crash).toMatchObject({
      reason: { type: 'Runtime.ExitError', message: expect.stringContaining('exit status 7') },
    });
    expect(last).toMatchObject({ value: { payload: { echo: { n: 3 } } } });
    expect(sandbox.coldStarts).toBe(starts + 1);
  });

  it('prints to the log of the sandbox', async () => {
    await sandbox.invoke({ print: 'a line of the log' });
    expect(await sandbox.log.waitFor(/a line of the log$/)).toContain('INFO');
    expect(sandbox.log.text).toContain('a line of the log');
  });

  it('is limited to 6 MB in both directions', async () => {
    await expect(sandbox.invoke({ size: 6_291_556 - 2 })).resolves.toMatchObject({ mode: 'buffered' });
    await expect(sandbox.invoke({ size: 6_291_556 - 1 })).rejects.toMatchObject({
      type: 'Function.ResponseSizeTooLarge',
    });
    await expect(sandbox.invoke('x'.repeat(6_291_456))).rejects.toMatchObject({ type: 'RequestTooLargeException' });
  });

  it('is not invoked for a client that disconnects before its turn', async () => {
    const client = new AbortController();
    const running = sandbox.invoke({ n: 1 });
    const waiting = sandbox.invoke({ print: 'never to be seen' }, { signal: client.signal });
    client.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await running;
    await sandbox.invoke({});
    expect(sandbox.log.text).not.toContain('never to be seen');
  });
});

describe('a function that does not load', () => {
  it('rejects with the type, message and log of the failure', async () => {
    const start = startLambdaSandbox({ bundle: fixture('throws-at-import'), resolveFrom });
    await expect(start).rejects.toMatchObject({
      type: 'Runtime.UserCodeSyntaxError',
      message: expect.stringContaining('AUTH_TOKEN is blank'),
      log: expect.stringContaining('about to fail'),
    });
  });

  it('rejects for a missing handler', async () => {
    const start = startLambdaSandbox({ bundle: fixture('buffered'), handler: 'index.missing', resolveFrom });
    await expect(start).rejects.toMatchObject({ type: 'Runtime.HandlerNotFound' });
  });

  it('rejects for a missing Node binary', async () => {
    const start = startLambdaSandbox({ bundle: fixture('buffered'), node: '/nowhere/node', resolveFrom });
    await expect(start).rejects.toMatchObject({
      type: 'Runtime.InvalidEntrypoint',
      message: expect.stringContaining('ENOENT'),
    });
  });

  it('rejects at the timeout of the init phase', async () => {
    const start = startLambdaSandbox({ bundle: fixture('hangs-at-import'), initTimeoutMs: 500, resolveFrom });
    await expect(start).rejects.toMatchObject({ type: 'Sandbox.Timedout' });
  });
});

describe('a closed sandbox', () => {
  it('rejects running and later invocations, and kills its process', async () => {
    const sandbox = await startLambdaSandbox({ bundle: fixture('streaming'), resolveFrom });
    const answer = await sandbox.invoke({ answer: 'never end' });
    if (answer.mode !== 'streamed') throw new Error('The answer is not streamed.');
    await sandbox.close();
    await expect(readStreamedText(answer)).rejects.toMatchObject({ type: 'Sandbox.Closed' });
    await expect(sandbox.invoke({})).rejects.toMatchObject({ type: 'Sandbox.Closed' });
    expect(await sandbox.exit).toEqual({ code: null, signal: 'SIGKILL' });
  });
});
