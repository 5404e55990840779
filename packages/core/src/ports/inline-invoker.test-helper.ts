import type { CallMeta, Chunk, ModelAnswer, ModelCall, ModelInvoker } from './model-invoker.js';

/** What an inline invoker does. */
export interface InlineScript {
  /** The chunks of a stream, each document in a batch of its own; an error among them is thrown. */
  readonly steps?: readonly unknown[] | (() => AsyncIterable<readonly Chunk[]>);
  /** The whole answer: a body, or an object that becomes JSON. */
  readonly answer?: Uint8Array | object;
  readonly contentType?: string;
  readonly meta?: CallMeta;
  /** Rejects every call. */
  readonly refusal?: unknown;
}

/** An invoker for one test, and the calls that it got. Without a script for the way it is called, it rejects. */
export function inlineInvoker(script: InlineScript = {}): ModelInvoker & { readonly calls: ModelCall[] } {
  const { meta = { attempts: 1 }, contentType = 'application/json' } = script;
  const calls: ModelCall[] = [];
  function take(call: ModelCall, scripted: unknown): void {
    calls.push(call);
    if ('refusal' in script) throw script.refusal;
    if (scripted === undefined) throw new Error('The test has no script for this call.');
  }
  return {
    calls,
    async invoke(call): Promise<ModelAnswer> {
      take(call, script.answer);
      const { answer = {} } = script;
      const body = answer instanceof Uint8Array ? answer : Buffer.from(JSON.stringify(answer));
      return { body, contentType, meta };
    },
    async stream(call) {
      take(call, script.steps);
      const { steps = [] } = script;
      return { contentType, meta, batches: batchesOf(typeof steps === 'function' ? steps() : played(steps)) };
    },
  };
}

async function* played(steps: readonly unknown[]): AsyncGenerator<readonly Chunk[]> {
  for (const step of steps) {
    if (step instanceof Error) throw step;
    yield [{ bytes: Buffer.from(JSON.stringify(step)) }];
  }
}

async function* batchesOf(reads: AsyncIterable<readonly Chunk[]>) {
  for await (const chunks of reads) yield { chunks };
}
