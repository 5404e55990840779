import { describe, expect, it, vi } from 'vitest';
import type { BedrockInvokerOptions } from '../bedrock/create-bedrock-invoker.js';
import type { ModelCall, ModelInvoker, ModelTarget } from '../ports/model-invoker.js';
import { connectInvoker } from './connect-invoker.js';

const callTo = (targets?: readonly ModelTarget[]): ModelCall => ({
  ...{ operation: 'invoke-model', modelId: 'a.b', body: Buffer.from('{}'), signal: new AbortController().signal },
  ...(targets && { targets }),
});
const aliasTo = (...targets: readonly ModelTarget[]) => ({ name: { targets } });

/** Creates invokers that record with which options they were made and asked. */
function recordingCreate() {
  const made: BedrockInvokerOptions[] = [];
  const asked: BedrockInvokerOptions[] = [];
  const create = vi.fn((options: BedrockInvokerOptions): ModelInvoker => {
    made.push(options);
    return {
      async invoke() {
        asked.push(options);
        return { body: Buffer.from('{}'), contentType: 'application/json', meta: { attempts: 1 } };
      },
      async stream() {
        asked.push(options);
        return { contentType: 'application/json', meta: { attempts: 1 }, batches: (async function* () {})() };
      },
    };
  });
  return { create, made, asked };
}

describe('connectInvoker', () => {
  it.each([
    ['no alias', undefined],
    ['an alias of one model', aliasTo({ model: 'a.b' })],
  ])('is the one invoker itself for %s', (_, aliases) => {
    const { create, made } = recordingCreate();
    const invoker = connectInvoker(create, { region: 'eu-west-1' }, aliases);
    expect(made).toEqual([{ region: 'eu-west-1' }]);
    expect(invoker).toBe(create.mock.results[0]?.value);
  });

  it('makes no second invoker for calls without targets', async () => {
    const { create, made, asked } = recordingCreate();
    const invoker = connectInvoker(create, {}, aliasTo({ model: 'a.b', region: 'us-east-1' }));
    await invoker.invoke(callTo());
    await invoker.stream(callTo());
    expect(made).toHaveLength(1);
    expect(asked).toEqual([{}, {}]);
  });

  it('calls the Region of a target, with all other options', async () => {
    const { create, made, asked } = recordingCreate();
    const targets = [{ model: 'a.b', region: 'us-east-1' }];
    const invoker = connectInvoker(create, { region: 'eu-west-1', maxAttempts: 2 }, aliasTo(...targets));
    await Promise.all([invoker.invoke(callTo(targets)), invoker.invoke(callTo(targets))]);
    expect(asked).toEqual(Array(2).fill({ region: 'us-east-1', maxAttempts: 2 }));
    expect(made).toHaveLength(2);
  });

  it('calls the own Region with the own credentials for a target that names neither', async () => {
    const { create, asked } = recordingCreate();
    const targets = [{ model: 'a.b' }, { model: 'a.c' }];
    await connectInvoker(create, { region: 'eu-west-1' }, aliasTo(...targets)).invoke(callTo(targets));
    expect(asked).toEqual([{ region: 'eu-west-1' }]);
  });
});
