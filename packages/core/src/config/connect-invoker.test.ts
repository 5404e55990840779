import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BedrockInvokerOptions } from '../bedrock/create-bedrock-invoker.js';
import type { ModelCall, ModelInvoker, ModelTarget } from '../ports/model-invoker.js';
import { connectInvoker } from './connect-invoker.js';

const { assumeRole } = vi.hoisted(() => ({ assumeRole: vi.fn() }));
vi.mock('../aws/assume-role.js', () => ({ assumeRole }));

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

  it.each([
    ['the Region of the process', 'eu-north-1', 'us-east-1', 'ap-south-1', 'eu-north-1'],
    ['that of the target, if the process has none', '', 'us-east-1', 'ap-south-1', 'us-east-1'],
    ['that of the invoker, if the target has none either', '', undefined, 'ap-south-1', 'ap-south-1'],
  ])('assumes the role of a target in %s', async (_, ofProcess, ofTarget, ofInvoker, expected) => {
    vi.stubEnv('AWS_REGION', ofProcess);
    vi.stubEnv('AWS_DEFAULT_REGION', '');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { create, asked } = recordingCreate();
    const roleArn = 'arn:aws:iam::111122223333:role/bedrock';
    const targets = [{ model: 'a.b', roleArn, ...(ofTarget && { region: ofTarget }) }];
    await connectInvoker(create, { region: ofInvoker }, aliasTo(...targets)).invoke(callTo(targets));
    const [options] = asked;
    if (typeof options?.credentials !== 'function') throw new Error('The target has no credentials of its own.');
    await options.credentials();
    expect(assumeRole).toHaveBeenLastCalledWith({ roleArn, externalId: undefined }, { region: expected });
  });
});
