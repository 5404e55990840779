import { fileURLToPath } from 'node:url';
import {
  createInProcessRuntime,
  type Invoke,
  type LambdaSandbox,
  readStreamedText,
  startLambdaSandbox,
} from '@bedrock-proxy/testing/lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

const bundle = fileURLToPath(new URL('fixtures/streaming', import.meta.url));

describe('the in-process runtime', () => {
  let sandbox: LambdaSandbox;
  let inProcess: Invoke;

  beforeAll(async () => {
    sandbox = await startLambdaSandbox({ bundle, resolveFrom: fileURLToPath(new URL('..', import.meta.url)) });
    inProcess = await createInProcessRuntime().load(`${bundle}/index.mjs`);
  });
  afterAll(() => sandbox.close());
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  async function describeAnswer(invoke: Invoke, answer: string): Promise<object> {
    const result = await invoke({ answer });
    if (result.mode !== 'streamed') throw new Error('The answer is not streamed.');
    const { contentType, prelude, preludeProblem } = result;
    const text = await readStreamedText(result).catch((error: { readonly type: string }) => error.type);
    const { error } = await result.trailers.catch(() => ({ error: undefined }));
    return {
      contentType,
      prelude,
      preludeProblem,
      text,
      errorType: error?.errorType,
      errorMessage: error?.errorMessage,
    };
  }

  it.each([
    'two pieces',
    'end without write',
    'end with a body',
    'no prelude',
    'throw before the head',
    'throw after the head',
    'content type after the first write',
    'an object',
    'pipeline from a failing source',
    'the stream',
  ])('answers like the runtime client: %s', async (answer) => {
    expect(await describeAnswer(inProcess, answer)).toEqual(await describeAnswer(sandbox.invoke, answer));
  });

  it('gives the handler a context with the same members as the runtime client', async () => {
    const keysOf = async (invoke: Invoke) => {
      const result = await invoke({ answer: 'the context' });
      return result.mode === 'streamed' ? JSON.parse(await readStreamedText(result)).keys : [];
    };
    expect(await keysOf(inProcess)).toEqual(await keysOf(sandbox.invoke));
  });
});
